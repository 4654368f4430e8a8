namespace ApiKeyAuth.Management.Documents;

/// <summary>What a maker writes, for documents; it is read strictly and by hand.</summary>
internal sealed record NewApiKeyDocument(
    string Name, string? Kind, string? Environment, string? OwnerId, IReadOnlyList<string>? Scopes, IReadOnlyList<string>? RateLimits,
    IReadOnlyList<string>? Networks, IReadOnlyList<string>? Audiences, IReadOnlyDictionary<string, string>? Metadata, string? ExpiresAt,
    int? ExpiresInDays);
