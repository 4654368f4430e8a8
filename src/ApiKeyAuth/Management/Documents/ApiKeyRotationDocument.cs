namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents the body of a request to rotate the secret of a key.</summary>
internal sealed record ApiKeyRotationDocument
{
    public int? GraceSeconds { get; init; }

    public bool? DiscardCurrent { get; init; }

    /// <summary>Represents the body of a request to complete or cancel a rotation, which has no members.</summary>
    internal sealed record EndDocument;
}
