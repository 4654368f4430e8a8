namespace ApiKeyAuth.Usage;

/// <summary>What one flush adds to a store: wholly or not at all, and once, however often it is sent.</summary>
public sealed record ApiKeyUsageBatch
{
    /// <summary>The batch's own id, by which a store knows one that it has stored before.</summary>
    public required Guid Id { get; init; }

    /// <summary>When the batch was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The uses; no two are of the same secret, hour, outcome, country and network.</summary>
    public IReadOnlyList<ApiKeyUsageRecord> Records { get; init; } = [];

    /// <summary>The scopes that were needed.</summary>
    public IReadOnlyList<ApiKeyScopeLastUse> Scopes { get; init; } = [];
}
