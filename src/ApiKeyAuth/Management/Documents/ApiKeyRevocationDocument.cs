namespace ApiKeyAuth.Management.Documents;

/// <summary>Describes the body of a revocation for OpenAPI documents. The body is read by <c>BodyReader</c>.</summary>
internal sealed record ApiKeyRevocationDocument(string? Reason, bool? Cascade);
