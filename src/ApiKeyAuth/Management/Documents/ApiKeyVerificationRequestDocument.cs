namespace ApiKeyAuth.Management.Documents;

/// <summary>A whole key to check and what its use costs, for documents; it is read strictly and by hand.</summary>
/// <param name="Key">The key.</param>
/// <param name="Cost">What its use costs; 0 if absent.</param>
/// <param name="Address">The IPv4 or IPv6 address it was used from; if absent, the key's networks are not judged.</param>
internal sealed record ApiKeyVerificationRequestDocument(string Key, long? Cost, string? Address)
{
    /// <summary>Nothing of the key.</summary>
    public override string ToString() => nameof(ApiKeyVerificationRequestDocument);
}
