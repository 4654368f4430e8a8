namespace ApiKeyAuth.Management.Documents;

/// <summary>Describes the body of a request to create a key for OpenAPI documents. The body is read by <c>BodyReader</c>.</summary>
internal sealed record NewApiKeyDocument(
    string Name, string? Kind, string? Environment, string? OwnerId, IReadOnlyList<string>? Scopes, IReadOnlyList<string>? RateLimits,
    IReadOnlyList<string>? Networks, IReadOnlyList<string>? Audiences, IReadOnlyDictionary<string, string>? Metadata, string? ExpiresAt,
    int? ExpiresInDays);
