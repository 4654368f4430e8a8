using System.Net;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>Who asks the manager, and what he may pass on: nobody grants what he does not hold.</summary>
public sealed class ApiKeyCaller
{
    private ApiKeyCaller(string actor) => Actor = actor;

    /// <summary>The app itself: it sees every tenant and may grant everything.</summary>
    public static ApiKeyCaller System { get; } = new("system") { MayCrossTenants = true, Grantable = ScopeSet.Create(["*"]) };

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

    /// <summary>The scopes he may pass on; what they imply he may, too.</summary>
    internal ScopeSet Grantable { get; private init; } = ScopeSet.Empty;

    /// <summary>Tells by the app's own rules which scopes he may pass on besides, or null.</summary>
    internal Func<string, bool>? MayGrant { get; private init; }

    /// <summary>The limits no key of his making goes beyond; empty for none.</summary>
    internal IReadOnlyList<RateLimit> Limits { get; private init; } = [];

    /// <summary>The end no key of his making outlives, or null.</summary>
    internal ApiKeyExpiry? ExpiresAt { get; private init; }

    /// <summary>The one environment of keys of his making, or null for any.</summary>
    internal string? Environment { get; private init; }

    /// <summary>The networks that keys of his making may call from at the most; empty for any.</summary>
    internal IReadOnlyList<IPNetwork> Networks { get; private init; } = [];

    /// <summary>The audiences that keys of his making may be for at the most; empty for any.</summary>
    internal IReadOnlyList<string> Audiences { get; private init; } = [];

    /// <summary>A user of the app, bounded by what the app says he may grant.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="tenantId">His tenant, or null in an app without tenants.</param>
    /// <param name="grantable">The scopes he may pass on; wildcards count, and so does what they imply.</param>
    /// <param name="isLimitedToOwnKeys">Whether he may only make and see personal keys of his own.</param>
    /// <param name="address">Where he calls from, for the audit.</param>
    public static ApiKeyCaller User(
        string userId, string? tenantId, ScopeSet grantable, bool isLimitedToOwnKeys = false, string? address = null)
    {
        ArgumentNullException.ThrowIfNull(grantable);
        return User(userId, tenantId, grantable, null, isLimitedToOwnKeys, mayCrossTenants: false, address);
    }

    internal static ApiKeyCaller User(
        string userId, string? tenantId, ScopeSet grantable, Func<string, bool>? mayGrant, bool isLimitedToOwnKeys, bool mayCrossTenants, string? address)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return new($"user:{userId}")
        {
            TenantId = tenantId,
            UserId = userId,
            Grantable = grantable,
            MayGrant = mayGrant,
            IsLimitedToOwnKeys = isLimitedToOwnKeys,
            MayCrossTenants = mayCrossTenants,
            Address = address,
        };
    }

    /// <summary>A key, bounded by the scopes it has now and by its limits, end, environment, networks and audiences.</summary>
    internal static ApiKeyCaller OfKey(
        ApiKey key, ScopeSet scopes, IReadOnlyList<RateLimit> limits, bool isLimitedToOwnKeys, bool mayCrossTenants, string? address) =>
        new($"key:{key.Id}")
        {
            TenantId = key.TenantId,
            UserId = key.OwnerId,
            KeyId = key.Id,
            Grantable = scopes,
            Limits = limits,
            ExpiresAt = key.ExpiresAt,
            Environment = key.Environment,
            Networks = key.Networks,
            Audiences = key.Audiences,
            IsLimitedToOwnKeys = isLimitedToOwnKeys,
            MayCrossTenants = mayCrossTenants,
            Address = address,
        };

    /// <summary>Whoever holds a key's secret, to end it.</summary>
    internal static ApiKeyCaller Holder(ApiKey key, string? address) => new($"key:{key.Id}")
    {
        TenantId = key.TenantId,
        KeyId = key.Id,
        Address = address,
    };

    /// <summary>Whether a key is his to know of.</summary>
    internal bool Sees(ApiKey key) =>
        (MayCrossTenants || key.TenantId == TenantId)
        && (!IsLimitedToOwnKeys || (key.Kind == ApiKeyKinds.Personal && Owns(key)));

    /// <summary>Whether a key belongs to the user he is.</summary>
    internal bool Owns(ApiKey key) => UserId is not null && key.OwnerId == UserId;

    /// <summary>Names the actor only.</summary>
    public override string ToString() => Actor;
}
