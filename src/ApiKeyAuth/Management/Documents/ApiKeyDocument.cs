using System.Text.Json.Serialization;

namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents a key in a response.</summary>
internal sealed record ApiKeyDocument
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string? Kind { get; init; }

    public required string? Environment { get; init; }

    public required string? TenantId { get; init; }

    public required string? OwnerId { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required IReadOnlyList<string> RateLimits { get; init; }

    public required IReadOnlyList<string> Networks { get; init; }

    public required IReadOnlyList<string> Audiences { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required bool Enabled { get; init; }

    public required string Status { get; init; }

    public required string? RevokedAt { get; init; }

    public required string? RevocationReason { get; init; }

    public required string? ExpiresAt { get; init; }

    public required string? NotBefore { get; init; }

    public required int? ExpiresAfterIdleDays { get; init; }

    public required string CreatedAt { get; init; }

    public required string? CreatedBy { get; init; }

    public required string? LastUsedAt { get; init; }

    public required long UsageCount { get; init; }

    public required string Hint { get; init; }

    public required IReadOnlyList<ApiKeySecretDocument> Secrets { get; init; }

    /// <summary>Gets the secret in the response that issued it; otherwise, it is absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    /// <summary>Gets the number of revoked keys in the response to a revocation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RevokedCount { get; init; }

    /// <summary>Returns the ID of the key, without the secret.</summary>
    public override string ToString() => $"ApiKeyDocument {Id}";
}
