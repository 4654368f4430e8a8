using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Authorization;

/// <summary>Who asks the manager, and what he may pass on: nobody grants what he does not hold.</summary>
public sealed class ApiKeyCaller
{
    /// <summary>The longest ID of a user. <see cref="Actor"/>, which holds it, is a column that stores keep and index.</summary>
    internal const int MaxUserIdLength = 395;

    private ApiKeyCaller(string actor) => Actor = actor;

    /// <summary>The app itself: it sees every tenant and may grant everything.</summary>
    /// <remarks>The store time-out does not apply to its calls. Pass a cancellation token to bound them.</remarks>
    public static ApiKeyCaller System { get; } = new("system")
    {
        IsSystem = true,
        MayCrossTenants = true,
        ManagesOthers = true,
        Grantable = ScopeSet.Create(["*"]),
    };

    /// <summary>The name in the audit: <c>key:…</c>, <c>user:…</c> or <c>system</c>.</summary>
    public string Actor { get; }

    /// <summary>The tenant whose keys he sees; null for the keys without a tenant.</summary>
    public string? TenantId { get; private init; }

    /// <summary>Whether he sees the keys of every tenant.</summary>
    public bool MayCrossTenants { get; private init; }

    /// <summary>Gets the user that the caller acts as: that of a token, or the owner of a personal key; null for any other key.</summary>
    public string? UserId { get; private init; }

    /// <summary>Whether he may only make and see personal keys of his own.</summary>
    public bool IsLimitedToOwnKeys { get; private init; }

    /// <summary>Gets whether the caller is the app itself, also with other scopes to grant.</summary>
    internal bool IsSystem { get; private init; }

    /// <summary>Gets whether the caller may name a user other than its own as the owner of a key.</summary>
    internal bool ManagesOthers { get; private init; }

    /// <summary>The address he calls from, for the audit, or null.</summary>
    public string? Address { get; private init; }

    /// <summary>The key he calls with, or null.</summary>
    internal string? KeyId { get; private init; }

    /// <summary>The scopes he may pass on; what they imply he may, too.</summary>
    internal ScopeSet Grantable { get; private set; } = ScopeSet.Empty;

    /// <summary>Tells by the app's own rules which scopes he may pass on besides, or null.</summary>
    internal Func<string, bool>? MayGrant { get; private init; }

    /// <summary>The limits no key of his making goes beyond; empty for none.</summary>
    internal IReadOnlyList<RateLimit> Limits { get; private init; } = [];

    /// <summary>The end no key of his making outlives, or null.</summary>
    internal ApiKeyExpiry? ExpiresAt { get; private init; }

    /// <summary>Gets the environment of the caller's key, or null if the caller is no key or its key names none.</summary>
    internal string? Environment { get; private init; }

    /// <summary>Gets whether a rotation is retiring the secret that the caller uses. Any secret with an end of its own counts.</summary>
    internal bool IsRetiring { get; private init; }

    /// <summary>The networks that keys of his making may call from at the most; empty for any.</summary>
    internal IReadOnlyList<IPNetwork> Networks { get; private init; } = [];

    /// <summary>The audiences that keys of his making may be for at the most; empty for any.</summary>
    internal IReadOnlyList<string> Audiences { get; private init; } = [];

    /// <summary>A user of the app, bounded by what the app says he may grant.</summary>
    /// <param name="userId">The user, 1 to 395 characters.</param>
    /// <param name="tenantId">His tenant, or null in an app without tenants.</param>
    /// <param name="grantable">The scopes he may pass on; wildcards count, and so does what they imply.</param>
    /// <param name="isLimitedToOwnKeys">
    /// Whether the user may only create and see personal keys of their own; otherwise they may name other owners. The default is false.
    /// </param>
    /// <param name="address">Where he calls from, for the audit.</param>
    public static ApiKeyCaller User(
        string userId, string? tenantId, ScopeSet grantable, bool isLimitedToOwnKeys = false, string? address = null)
    {
        ArgumentNullException.ThrowIfNull(grantable);
        return User(userId, tenantId, grantable, null, isLimitedToOwnKeys, mayCrossTenants: false, address);
    }

    /// <summary>Returns the same caller with other scopes to grant, for a key that issues keys for what it may not do itself.</summary>
    /// <remarks>
    /// All other bounds stay. A caller built from a key's ID would have none: not its environment, and not the end of its secret.
    /// </remarks>
    /// <param name="grantable">The scopes that the caller may pass on, in place of its own; wildcards count, and so does what they
    /// imply.</param>
    public ApiKeyCaller WithGrantable(ScopeSet grantable)
    {
        ArgumentNullException.ThrowIfNull(grantable);
        var caller = (ApiKeyCaller)MemberwiseClone();
        caller.Grantable = grantable;
        return caller;
    }

    internal static ApiKeyCaller User(
        string userId, string? tenantId, ScopeSet grantable, Func<string, bool>? mayGrant, bool isLimitedToOwnKeys, bool mayCrossTenants, string? address)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(userId.Length, MaxUserIdLength, nameof(userId));
        return new($"user:{userId}")
        {
            TenantId = tenantId,
            UserId = userId,
            Grantable = grantable,
            MayGrant = mayGrant,
            IsLimitedToOwnKeys = isLimitedToOwnKeys,
            ManagesOthers = !isLimitedToOwnKeys,
            MayCrossTenants = mayCrossTenants,
            Address = address,
        };
    }

    /// <summary>Creates the caller of a key, bounded by what the key holds and by the end of the secret in use.</summary>
    internal static ApiKeyCaller ForKey(
        VerifiedApiKey verified, ScopeSet scopes, IReadOnlyList<RateLimit> limits, bool managesOthers, bool mayCrossTenants,
        string? address)
    {
        var (key, secret) = (verified.Key, verified.Secret);
        var isPersonal = key.Kind == ApiKeyKinds.Personal;
        return new(GetKeyActor(key.Id))
        {
            TenantId = key.TenantId,

            // Whoever may create keys may write any owner into one: only a personal key, which its owner creates, acts as that user.
            UserId = isPersonal ? key.OwnerId : null,
            KeyId = key.Id,
            Grantable = scopes,
            Limits = limits,
            ExpiresAt = secret.ExpiresAt is { } end && !(key.ExpiresAt?.Instant <= end) ? new ApiKeyExpiry(end) : key.ExpiresAt,
            IsRetiring = secret.ExpiresAt is not null,
            Environment = key.Environment,
            Networks = key.Networks,
            Audiences = key.Audiences,
            IsLimitedToOwnKeys = isPersonal && !managesOthers,
            ManagesOthers = managesOthers,
            MayCrossTenants = mayCrossTenants,
            Address = address,
        };
    }

    /// <summary>Whoever holds a key's secret, to end it.</summary>
    internal static ApiKeyCaller ForSecretHolder(ApiKey key, string? address) => new(GetKeyActor(key.Id))
    {
        TenantId = key.TenantId,
        KeyId = key.Id,
        Environment = key.Environment,
        Address = address,
    };

    /// <summary>Returns the name of a key as an actor.</summary>
    internal static string GetKeyActor(string keyId) => $"key:{keyId}";

    /// <summary>Whether a key is his to know of.</summary>
    internal bool CanSee(ApiKey key) =>
        (MayCrossTenants || key.TenantId == TenantId)
        && (!IsLimitedToOwnKeys || (key.Kind == ApiKeyKinds.Personal && Owns(key)));

    /// <summary>Whether a key belongs to the user he is.</summary>
    internal bool Owns(ApiKey key) => UserId is not null && key.OwnerId == UserId;

    /// <summary>Determines whether a key is of the caller's environment. A caller that is no key belongs to every one.</summary>
    internal bool IsInEnvironmentOf(ApiKey key) => KeyId is null || key.Environment == Environment;

    /// <summary>Names the actor only.</summary>
    public override string ToString() => Actor;
}
