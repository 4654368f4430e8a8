using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>Who asks the manager, and what he may pass on: nobody grants what he does not hold.</summary>
public sealed class ApiKeyCaller
{
    private ApiKeyCaller(string actor) => Actor = actor;

    /// <summary>The name in the audit: <c>key:…</c>, <c>user:…</c> or <c>system</c>.</summary>
    public string Actor { get; }

    /// <summary>The tenant whose keys he sees; null for the keys without a tenant.</summary>
    public string? TenantId { get; private init; }

    /// <summary>Whether he sees the keys of every tenant.</summary>
    public bool MayCrossTenants { get; private init; }

    /// <summary>The user he is, to whom personal keys belong, or null.</summary>
    public string? UserId { get; private init; }

    /// <summary>Whether he may only make and see personal keys of his own.</summary>
    public bool IsLimitedToOwnKeys { get; private init; }

    /// <summary>The address he calls from, for the audit, or null.</summary>
    public string? Address { get; private init; }

    /// <summary>The key he calls with, or null.</summary>
    internal string? KeyId { get; private init; }

    /// <summary>What he holds, with all it implies; null for everything.</summary>
    internal Func<ScopeSet, IReadOnlyList<string>> FindUngrantable { get; private init; } = static _ => [];

    /// <summary>The limits no key of his making goes beyond; empty for none.</summary>
    internal IReadOnlyList<RateLimit> Limits { get; private init; } = [];

    /// <summary>The end no key of his making outlives, or null.</summary>
    internal ApiKeyExpiry? ExpiresAt { get; private init; }

    /// <summary>The one environment of keys of his making, or null for any.</summary>
    internal string? Environment { get; private init; }

    /// <summary>The app itself: it sees every tenant and may grant everything.</summary>
    public static ApiKeyCaller System { get; } = new("system") { MayCrossTenants = true };

    /// <summary>A user of the app, bounded by what the app says he may grant.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="tenantId">His tenant, or null in an app without tenants.</param>
    /// <param name="grantable">The scopes he may pass on; wildcards count.</param>
    /// <param name="isLimitedToOwnKeys">Whether he may only make and see personal keys of his own.</param>
    /// <param name="address">Where he calls from, for the audit.</param>
    public static ApiKeyCaller User(
        string userId, string? tenantId, ScopeSet grantable, bool isLimitedToOwnKeys = false, string? address = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentNullException.ThrowIfNull(grantable);
        return User(userId, tenantId, scopes => [.. scopes.Where(scope => !grantable.Contains(scope))], isLimitedToOwnKeys, false, address);
    }

    internal static ApiKeyCaller User(
        string userId, string? tenantId, Func<ScopeSet, IReadOnlyList<string>> findUngrantable, bool isLimitedToOwnKeys, bool mayCrossTenants, string? address) =>
        new($"user:{userId}")
        {
            TenantId = tenantId,
            UserId = userId,
            FindUngrantable = findUngrantable,
            IsLimitedToOwnKeys = isLimitedToOwnKeys,
            MayCrossTenants = mayCrossTenants,
            Address = address,
        };

    /// <summary>A key, bounded by its scopes, limits, end and environment.</summary>
    internal static ApiKeyCaller Key(VerifiedApiKey verified, IReadOnlyList<RateLimit> limits, bool mayCrossTenants, string? address) =>
        new($"key:{verified.Key.Id}")
        {
            TenantId = verified.Key.TenantId,
            UserId = verified.Key.OwnerId,
            KeyId = verified.Key.Id,
            FindUngrantable = scopes => [.. scopes.Where(scope => !verified.Scopes.Contains(scope))],
            Limits = limits,
            ExpiresAt = verified.Key.ExpiresAt,
            Environment = verified.Key.Environment,
            MayCrossTenants = mayCrossTenants,
            Address = address,
        };

    /// <summary>Whoever holds a key's secret, to end it.</summary>
    internal static ApiKeyCaller Holder(ApiKey key, string? address) => new($"key:{key.Id}")
    {
        TenantId = key.TenantId,
        KeyId = key.Id,
        FindUngrantable = static scopes => [.. scopes],
        Address = address,
    };

    /// <summary>Names the actor only.</summary>
    public override string ToString() => Actor;
}
