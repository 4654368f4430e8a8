namespace ApiKeyAuth.Stores;

/// <summary>How many keys a tenant, or an owner in it, may have; revoked keys do not count.</summary>
public sealed record ApiKeyQuota
{
    /// <summary>The most keys, at least 1.</summary>
    public required int Max { get; init; }

    /// <summary>The tenant whose keys count; null counts those without a tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>The owner whose keys count, or null for all of the tenant.</summary>
    public string? OwnerId { get; init; }
}
