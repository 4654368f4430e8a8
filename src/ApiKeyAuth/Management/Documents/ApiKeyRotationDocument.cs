namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents the body of a request to rotate the secret of a key.</summary>
internal sealed record ApiKeyRotationDocument
{
    public int? GraceSeconds { get; init; }

    public bool? DiscardCurrent { get; init; }
}
