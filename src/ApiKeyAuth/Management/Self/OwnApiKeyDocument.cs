namespace ApiKeyAuth.Management.Self;

/// <summary>Represents the key of the caller in a response to the caller itself.</summary>
internal sealed record OwnApiKeyDocument
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string? Kind { get; init; }

    public required string? Environment { get; init; }

    public required string? TenantId { get; init; }

    public required string? OwnerId { get; init; }

    /// <summary>Gets the scopes in effect, with those that they imply; those of a personal key are limited to its owner's.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    public required string? ExpiresAt { get; init; }

    public required int? ExpiresAfterIdleDays { get; init; }

    /// <summary>Gets the secret in use. It has an expiration if a rotation is retiring it.</summary>
    public required SecretDocument Secret { get; init; }

    /// <summary>Gets the limits of the key and of its tenant.</summary>
    public required IReadOnlyList<string> RateLimits { get; init; }

    /// <summary>Gets what is left of each limit, or an empty list if the key is unlimited.</summary>
    public required IReadOnlyList<LimitDocument> Limits { get; init; }

    /// <summary>Gets the usage of the last 24 hours, or null if the store of the key does not count usage.</summary>
    public required UsageDocument? Usage { get; init; }

    internal sealed record SecretDocument(string Hint, string CreatedAt, string? ExpiresAt);

    internal sealed record LimitDocument(string Limit, long Remaining, long ResetSeconds, bool IsTenantLimit);

    internal sealed record UsageDocument(string From, string To, long Requests, long Succeeded, long Failed, string? LastUsedAt);
}
