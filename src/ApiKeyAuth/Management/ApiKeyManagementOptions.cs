using System.Security.Claims;
using System.Security.Cryptography;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>The app's rules for keys.</summary>
public sealed class ApiKeyManagementOptions
{
    /// <summary>The longest time a key may live, 1 day or more, or null, the default, for no bound.</summary>
    public TimeSpan? MaxLifetime { get; set; }

    /// <summary>How long a key lives whose maker says nothing, 1 day or more; null, the default, for as long as it may.</summary>
    public TimeSpan? DefaultLifetime { get; set; }

    /// <summary>The longest grace of a rotation, 0 to 30 days; 30 days by default.</summary>
    public TimeSpan MaxRotationGrace { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The age at which a secret is to be rotated, of which the log and a metric warn ahead: 1 day or more, or null, the default, for never.</summary>
    public TimeSpan? MaxSecretAge { get; set; }

    /// <summary>How long ahead of <see cref="MaxSecretAge"/> the log and the metric begin to ask: 0 to 365 days, 14 days by default.</summary>
    public TimeSpan SecretAgeNotice { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How many keys a tenant may have, revoked ones aside: 1 or more, or null, the default, for any number.</summary>
    public int? MaxKeysPerTenant { get; set; }

    /// <summary>How many keys an owner may have in a tenant, revoked ones aside: 1 or more, or null, the default, for any number.</summary>
    public int? MaxKeysPerOwner { get; set; }

    /// <summary>How often one network may ask to revoke leaked keys; 20 a minute by default, null switches the endpoint off.</summary>
    public RateLimit? RevokeLeaked { get; set; } = new RateLimit(20, TimeSpan.FromMinutes(1));

    /// <summary>The most that names and values of a key's metadata add up to in characters: 0 to 65,536; 4,096 by default.</summary>
    public int MaxMetadataLength { get; set; } = 4_096;

    /// <summary>Makes the ids of new keys: <c>key_</c> and 20 random letters and digits by default. An id is 1 to 200 characters of <c>A-Z a-z 0-9 . _ -</c>.</summary>
    public Func<string> NewId { get; set; } = () => "key_" + RandomNumberGenerator.GetString(IdCharacters, 20);

    /// <summary>Says whether a caller without scope claims (a user known by a JWT with roles, say) may grant a scope; by default nobody may.</summary>
    public Func<ClaimsPrincipal, string, bool> MayGrant { get; set; } = static (_, _) => false;

    /// <summary>Gets or sets the function that gets the tenant of a caller without a key. The default reads the claim <c>tenant_id</c>; a
    /// caller with two different values of it is rejected with 403.</summary>
    /// <remarks>
    /// The principal holds the identity that met the scope requirement. If the endpoint accepts several schemes, it holds no other.
    /// </remarks>
    public Func<ClaimsPrincipal, string?> TenantIdSelector { get; set; } = TenantIdFromClaim;

    /// <summary>Says whether a user, or a user's personal key, manages the keys of others in his tenant; by default only personal keys of his own.</summary>
    /// <remarks>
    /// Keys of other kinds manage their tenant's keys in any case: the scope was given to them for that. But no caller for which this is
    /// false, whatever its kind, can create a key whose owner is another user than the caller's own.
    /// </remarks>
    public Func<ClaimsPrincipal, bool> ManagesOthers { get; set; } = static _ => false;

    /// <summary>Says whether a caller sees and changes the keys of every tenant; by default nobody does.</summary>
    public Func<ClaimsPrincipal, bool> MayCrossTenants { get; set; } = static _ => false;

    /// <summary>Ids that are UUIDs (RFC 9562 §5.4).</summary>
    public static Func<string> UuidIds { get; } = static () => Guid.NewGuid().ToString();

    /// <summary>Gets the default of <see cref="TenantIdSelector"/>.</summary>
    internal static Func<ClaimsPrincipal, string?> TenantIdFromClaim { get; } = static user => user.FindFirst(ApiKeyClaimTypes.TenantId)?.Value;

    private const string IdCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
}
