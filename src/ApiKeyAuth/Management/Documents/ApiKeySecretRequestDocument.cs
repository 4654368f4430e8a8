namespace ApiKeyAuth.Management.Documents;

/// <summary>A whole key that is told of, for documents; it is read strictly and by hand.</summary>
internal sealed record ApiKeySecretRequestDocument(string Key)
{
    /// <summary>Nothing of the key.</summary>
    public override string ToString() => nameof(ApiKeySecretRequestDocument);
}
