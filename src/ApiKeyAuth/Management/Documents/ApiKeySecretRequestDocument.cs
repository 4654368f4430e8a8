namespace ApiKeyAuth.Management.Documents;

/// <summary>Describes the body of a leak report for OpenAPI documents. The body is read by <c>BodyReader</c>.</summary>
internal sealed record ApiKeySecretRequestDocument(string Key)
{
    /// <summary>Returns the name of the type, without the secret.</summary>
    public override string ToString() => nameof(ApiKeySecretRequestDocument);
}
