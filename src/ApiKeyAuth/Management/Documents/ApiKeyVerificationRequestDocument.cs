namespace ApiKeyAuth.Management;

/// <summary>A whole key to check and what its use costs, for documents; it is read strictly and by hand.</summary>
internal sealed record ApiKeyVerificationRequestDocument(string Key, long? Cost)
{
    /// <summary>Nothing of the key.</summary>
    public override string ToString() => nameof(ApiKeyVerificationRequestDocument);
}
