namespace ApiKeyAuth.Management.Documents;

/// <summary>Describes the body of a change for OpenAPI documents. The body is read by <c>BodyReader</c>.</summary>
internal sealed record ApiKeyPatchDocument(
    string? Name, bool? Enabled, IReadOnlyList<string>? Scopes, IReadOnlyList<string>? RateLimits, IReadOnlyList<string>? Networks,
    IReadOnlyList<string>? Audiences, IReadOnlyDictionary<string, string?>? Metadata, string? ExpiresAt);
