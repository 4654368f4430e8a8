using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Authorization;

/// <summary>Represents a caller of key management. Callers can grant only what they hold.</summary>
public sealed class ApiKeyCaller
{
    /// <summary>The maximum length of a user ID. Stores index <see cref="Actor"/>, which contains the ID, as a column.</summary>
    internal const int MaxUserIdLength = 395;

    private ApiKeyCaller(string actor) => Actor = actor;

    /// <summary>Gets the caller that represents the app itself. It can see every tenant and grant every scope.</summary>
    /// <remarks>The store timeout does not apply to its calls. To limit their duration, pass a cancellation token.</remarks>
    public static ApiKeyCaller System { get; } = new("system")
    {
        IsSystem = true,
        MayCrossTenants = true,
        ManagesOthers = true,
        Grantable = ScopeSet.Create(["*"]),
    };

    /// <summary>
    /// Gets the name of the caller in the audit: <c>key:…</c>, <c>user:…</c>, <c>leak-report:…</c> or <c>system</c>.
    /// </summary>
    public string Actor { get; }

    /// <summary>Gets the tenant whose keys the caller can see, or null for keys without a tenant.</summary>
    public string? TenantId { get; private init; }

    /// <summary>Gets a value indicating whether the caller can see the keys of every tenant.</summary>
    public bool MayCrossTenants { get; private set; }

    /// <summary>Gets the user that the caller acts as, who may be the owner of a personal key. It is null for other keys.</summary>
    public string? UserId { get; private init; }

    /// <summary>Gets a value indicating whether the caller can create and see only their own personal keys.</summary>
    public bool IsLimitedToOwnKeys { get; private set; }

    /// <summary>Gets the owner whose keys are the only ones that the caller can create and see, or null if there is none.</summary>
    /// <remarks>
    /// It is the user of a caller that is limited to their own keys, or the owner that was passed to <see cref="ToKeysOf"/>.
    /// </remarks>
    public string? OnlyOwnerId { get; private set; }

    /// <summary>Gets a value indicating whether the caller is the app itself, even with other scopes to grant.</summary>
    internal bool IsSystem { get; private init; }

    /// <summary>Gets a value indicating whether the caller can set another user as the owner of a key.</summary>
    internal bool ManagesOthers { get; private set; }

    /// <summary>Gets the address of the caller for the audit, or null.</summary>
    public string? Address { get; private init; }

    /// <summary>Gets the ID of the key that the caller uses, or null.</summary>
    internal string? KeyId { get; private init; }

    /// <summary>Gets the scopes that the caller can grant. They include the scopes that these imply.</summary>
    internal ScopeSet Grantable { get; private set; } = ScopeSet.Empty;

    /// <summary>Gets the rule of the app that determines which additional scopes the caller can grant, or null.</summary>
    internal Func<string, bool>? MayGrant { get; private init; }

    /// <summary>Gets the maximum rate limits of keys that the caller creates. It is empty if there are none.</summary>
    internal IReadOnlyList<RateLimit> Limits { get; private init; } = [];

    /// <summary>Gets the latest expiration of keys that the caller creates, or null.</summary>
    internal ApiKeyExpiry? ExpiresAt { get; private init; }

    /// <summary>Gets the maximum idle time of keys that the caller creates, in days, or null.</summary>
    internal int? ExpiresAfterIdleDays { get; private init; }

    /// <summary>Gets the environment of the key that the caller uses, or null if there is none.</summary>
    internal string? Environment { get; private init; }

    /// <summary>Gets a value indicating whether the secret that the caller uses is being retired, which means that it expires.</summary>
    internal bool IsRetiring { get; private init; }

    /// <summary>Gets the networks to which keys that the caller creates are limited. It is empty if they are not limited.</summary>
    internal IReadOnlyList<IPNetwork> Networks { get; private init; } = [];

    /// <summary>Gets the audiences to which keys that the caller creates are limited. It is empty if they are not limited.</summary>
    internal IReadOnlyList<string> Audiences { get; private set; } = [];

    /// <summary>Creates a caller that represents a user of the app, limited to the scopes that the app lets the user grant.</summary>
    /// <param name="userId">The ID of the user, 1 to 395 characters.</param>
    /// <param name="tenantId">The tenant of the user, or null in an app without tenants.</param>
    /// <param name="grantable">
    /// The scopes that the user can grant. They may contain wildcards, and include the scopes that they imply.
    /// </param>
    /// <param name="isLimitedToOwnKeys">
    /// Whether the user can create and see only their own personal keys. Otherwise, they can set other owners. The default is false.
    /// </param>
    /// <param name="address">The address of the user for the audit. The default is null.</param>
    /// <exception cref="ArgumentException">The ID of the user is empty or too long.</exception>
    public static ApiKeyCaller User(
        string userId, string? tenantId, ScopeSet grantable, bool isLimitedToOwnKeys = false, string? address = null)
    {
        ArgumentNullException.ThrowIfNull(grantable);
        return User(userId, tenantId, grantable, null, isLimitedToOwnKeys, mayCrossTenants: false, address);
    }

    /// <summary>Returns the same caller with other scopes to grant. It is for keys that grant scopes that they do not hold.</summary>
    /// <remarks>All other limits stay the same, such as the environment of the key and the expiration of its secret.</remarks>
    /// <param name="grantable">
    /// The scopes that the caller can grant instead. They may contain wildcards, and include the scopes that they imply.
    /// </param>
    /// <returns>The new caller.</returns>
    public ApiKeyCaller WithGrantable(ScopeSet grantable)
    {
        ArgumentNullException.ThrowIfNull(grantable);
        var caller = (ApiKeyCaller)MemberwiseClone();
        caller.Grantable = grantable;
        return caller;
    }

    /// <summary>Returns the same caller, limited to their own personal keys. It is for pages of which each user has their own.</summary>
    /// <returns>The new caller.</returns>
    /// <exception cref="InvalidOperationException">The caller does not act as a user.</exception>
    public ApiKeyCaller ToOwnKeysOnly()
    {
        if (UserId is null)
        {
            throw new InvalidOperationException($"The caller {Actor} does not act as a user, so it has no personal keys of its own.");
        }

        var caller = ToKeysOf(UserId);
        (caller.IsLimitedToOwnKeys, caller.ManagesOthers, caller.MayCrossTenants) = (true, false, false);
        return caller;
    }

    /// <summary>
    /// Returns the same caller, limited to the keys of an owner. It is for pages about one owner, such as a project. Keys that the caller
    /// creates have this owner.
    /// </summary>
    /// <remarks>It gives no right: to create a key, the caller must be the owner or manage the keys of others.</remarks>
    /// <param name="ownerId">The owner.</param>
    /// <returns>The new caller.</returns>
    /// <exception cref="InvalidOperationException">The caller is limited to the keys of another owner.</exception>
    public ApiKeyCaller ToKeysOf(string ownerId)
    {
        ArgumentException.ThrowIfNullOrEmpty(ownerId);
        if (OnlyOwnerId is not null && OnlyOwnerId != ownerId)
        {
            throw new InvalidOperationException($"The caller {Actor} is limited to the keys of another owner.");
        }

        var caller = (ApiKeyCaller)MemberwiseClone();
        caller.OnlyOwnerId = ownerId;
        return caller;
    }

    /// <summary>Returns the same caller, limited to granting keys for an audience. Keys that the caller creates have it.</summary>
    /// <param name="audience">The audience.</param>
    /// <returns>The new caller.</returns>
    /// <exception cref="InvalidOperationException">The caller is limited to other audiences.</exception>
    public ApiKeyCaller WithAudience(string audience)
    {
        ArgumentException.ThrowIfNullOrEmpty(audience);
        if (Audiences.Count > 0 && !Audiences.Contains(audience, StringComparer.Ordinal))
        {
            throw new InvalidOperationException($"The caller {Actor} is limited to other audiences.");
        }

        var caller = (ApiKeyCaller)MemberwiseClone();
        caller.Audiences = [audience];
        return caller;
    }

    internal static ApiKeyCaller User(
        string userId, string? tenantId, ScopeSet grantable, Func<string, bool>? mayGrant, bool isLimitedToOwnKeys, bool mayCrossTenants,
        string? address)
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
            OnlyOwnerId = isLimitedToOwnKeys ? userId : null,
            ManagesOthers = !isLimitedToOwnKeys,
            MayCrossTenants = mayCrossTenants,
            Address = address,
        };
    }

    /// <summary>Creates a caller that represents a key. The scopes of the key and the expiration of its secret limit the caller.</summary>
    internal static ApiKeyCaller ForKey(
        VerifiedApiKey verified, ScopeSet scopes, IReadOnlyList<RateLimit> limits, bool managesOthers, bool mayCrossTenants,
        string? address)
    {
        var (key, secret) = (verified.Key, verified.Secret);
        var isPersonal = key.Kind == ApiKeyKinds.Personal;
        return new(GetKeyActor(key.Id))
        {
            TenantId = key.TenantId,

            // Only a personal key, which its owner created, acts as that user. Other keys can name any owner.
            UserId = isPersonal ? key.OwnerId : null,
            KeyId = key.Id,
            Grantable = scopes,
            Limits = limits,
            ExpiresAt = secret.ExpiresAt is { } end && !(key.ExpiresAt?.Instant <= end) ? new ApiKeyExpiry(end) : key.ExpiresAt,
            ExpiresAfterIdleDays = key.ExpiresAfterIdleDays,
            IsRetiring = secret.ExpiresAt is not null,
            Environment = key.Environment,
            Networks = key.Networks,
            Audiences = key.Audiences,
            IsLimitedToOwnKeys = isPersonal && !managesOthers,
            OnlyOwnerId = isPersonal && !managesOthers ? key.OwnerId : null,
            ManagesOthers = managesOthers,
            MayCrossTenants = mayCrossTenants,
            Address = address,
        };
    }

    /// <summary>Creates a caller that represents the holder of a secret, who can revoke the key.</summary>
    internal static ApiKeyCaller ForSecretHolder(ApiKey key, string? address) => new(GetKeyActor(key.Id))
    {
        TenantId = key.TenantId,
        KeyId = key.Id,
        Environment = key.Environment,
        Address = address,
    };

    /// <summary>Creates a caller that represents the reporter of a leaked secret, who can end any secret and grant nothing.</summary>
    internal static ApiKeyCaller ForLeakReport(string source, string host, string? address) => new($"leak-report:{source}@{host}")
    {
        MayCrossTenants = true,
        Address = address,
    };

    /// <summary>Returns the name of a key in the audit.</summary>
    internal static string GetKeyActor(string keyId) => $"key:{keyId}";

    /// <summary>Determines whether the caller can see a key.</summary>
    internal bool CanSee(ApiKey key) =>
        (MayCrossTenants || key.TenantId == TenantId)
        && (OnlyOwnerId is null || key.OwnerId == OnlyOwnerId)
        && (!IsLimitedToOwnKeys || (key.Kind == ApiKeyKinds.Personal && Owns(key)));

    /// <summary>Determines whether the user that the caller acts as owns a key.</summary>
    internal bool Owns(ApiKey key) => UserId is not null && key.OwnerId == UserId;

    /// <summary>Determines whether the caller can access the environment of a key. Callers without a key can access every one.</summary>
    internal bool IsInEnvironmentOf(ApiKey key) => KeyId is null || key.Environment == Environment;

    /// <summary>Returns the name of the caller in the audit.</summary>
    public override string ToString() => Actor;
}
