namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents the body of a request to revoke a key.</summary>
internal sealed record ApiKeyRevocationDocument
{
    public string? Reason { get; init; }

    public bool? Cascade { get; init; }
}
