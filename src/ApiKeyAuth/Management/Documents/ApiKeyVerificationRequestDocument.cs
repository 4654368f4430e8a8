namespace ApiKeyAuth.Management.Documents;

/// <summary>Describes the body of a remote verification for OpenAPI documents. The body is read by <c>BodyReader</c>.</summary>
/// <param name="Key">The secret.</param>
/// <param name="Cost">The cost to charge. The default is 0.</param>
/// <param name="Address">The IPv4 or IPv6 address from which the key was used; without it, the networks of the key are not checked.</param>
internal sealed record ApiKeyVerificationRequestDocument(string Key, long? Cost, string? Address)
{
    /// <summary>Returns the name of the type, without the secret.</summary>
    public override string ToString() => nameof(ApiKeyVerificationRequestDocument);
}
