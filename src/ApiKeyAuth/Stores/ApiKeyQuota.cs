namespace ApiKeyAuth.Stores;

/// <summary>Represents the maximum number of keys of a tenant, or of one owner in it. Revoked keys do not count.</summary>
public sealed record ApiKeyQuota
{
    /// <summary>Gets the maximum number of keys, at least 1.</summary>
    public required int Max { get; init; }

    /// <summary>Gets the tenant whose keys count; null counts keys without a tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>Gets the owner whose keys count, or null to count all keys of the tenant.</summary>
    public string? OwnerId { get; init; }
}
