namespace ApiKeyAuth.Management.Documents;

/// <summary>What a change says, for documents; it is read strictly and by hand.</summary>
internal sealed record ApiKeyPatchDocument(
    string? Name, bool? Enabled, IReadOnlyList<string>? Scopes, IReadOnlyList<string>? RateLimits, IReadOnlyList<string>? Networks,
    IReadOnlyList<string>? Audiences, IReadOnlyDictionary<string, string?>? Metadata, string? ExpiresAt);
