namespace ApiKeyAuth.Usage;

/// <summary>Represents the usage that one flush adds to a store. A store applies it completely or not at all, and only once.</summary>
public sealed record ApiKeyUsageBatch
{
    /// <summary>Gets the ID of the batch, by which a store recognizes a batch that it has already stored.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the time at which the batch was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets the usage records. No two have the same secret, hour, outcome, country and network.</summary>
    public IReadOnlyList<ApiKeyUsageRecord> Records { get; init; } = [];

    /// <summary>Gets the last uses of scopes.</summary>
    public IReadOnlyList<ApiKeyScopeLastUse> Scopes { get; init; } = [];
}
