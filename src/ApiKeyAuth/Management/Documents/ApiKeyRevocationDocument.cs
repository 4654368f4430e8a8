namespace ApiKeyAuth.Management.Documents;

/// <summary>Describes the body of a revocation for OpenAPI documents; the body itself is read strictly and by hand.</summary>
internal sealed record ApiKeyRevocationDocument(string? Reason, bool? Cascade);
