using System.Security.Claims;
using System.Security.Cryptography;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>Provides options for managing keys.</summary>
public sealed class ApiKeyManagementOptions
{
    /// <summary>Gets or sets the maximum lifetime of a key, at least 1 day, or null for no maximum. The default is null.</summary>
    public TimeSpan? MaxLifetime { get; set; }

    /// <summary>
    /// Gets or sets the lifetime of a key that is created without an expiration, at least 1 day, or null for <see cref="MaxLifetime"/>. The
    /// default is null.
    /// </summary>
    public TimeSpan? DefaultLifetime { get; set; }

    /// <summary>Gets or sets the maximum grace period of a rotation, from 0 to 30 days. The default is 30 days.</summary>
    public TimeSpan MaxRotationGrace { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Gets or sets the age at which a secret should be rotated, at least 1 day, or null for never. The default is null.</summary>
    /// <remarks>A log message and a metric report such secrets in advance; see <see cref="SecretAgeNotice"/>.</remarks>
    public TimeSpan? MaxSecretAge { get; set; }

    /// <summary>
    /// Gets or sets how long before <see cref="MaxSecretAge"/> a secret is reported, from 0 to 365 days. The default is 14 days.
    /// </summary>
    public TimeSpan SecretAgeNotice { get; set; } = TimeSpan.FromDays(14);

    /// <summary>
    /// Gets or sets the maximum number of keys of a tenant, at least 1, or null for no maximum. Revoked keys do not count. The default is
    /// null.
    /// </summary>
    public int? MaxKeysPerTenant { get; set; }

    /// <summary>
    /// Gets or sets the maximum number of keys of an owner in a tenant, at least 1, or null for no maximum. Revoked keys do not count. The
    /// default is null.
    /// </summary>
    public int? MaxKeysPerOwner { get; set; }

    /// <summary>
    /// Gets or sets the limit of reports of leaked keys from one network, or null to disable the endpoint. The default is 20 per minute.
    /// </summary>
    public RateLimit? RevokeLeaked { get; set; } = new RateLimit(20, TimeSpan.FromMinutes(1));

    /// <summary>
    /// Gets or sets the maximum total length of the names and values of a key's metadata, from 0 to 65,536 characters. The default is
    /// 4,096.
    /// </summary>
    public int MaxMetadataLength { get; set; } = 4_096;

    /// <summary>
    /// Gets or sets the function that creates the IDs of new keys, which are 1 to 200 of the characters <c>A-Z a-z 0-9 . _ -</c>. The
    /// default creates <c>key_</c> and 20 random letters and digits.
    /// </summary>
    public Func<string> NewId { get; set; } = () => "key_" + RandomNumberGenerator.GetString(IdCharacters, 20);

    /// <summary>
    /// Gets or sets the function that determines whether a caller without scope claims, such as a user with roles in a JWT, may grant a
    /// scope. The default is never.
    /// </summary>
    public Func<ClaimsPrincipal, string, bool> MayGrant { get; set; } = static (_, _) => false;

    /// <summary>
    /// Gets or sets the function that gets the tenant of a caller without a key. The default reads the claim <c>tenant_id</c>; a caller
    /// with two different values of it is rejected with 403.
    /// </summary>
    /// <remarks>
    /// The principal contains only the identity that met the scope requirement, also if the endpoint accepts several schemes.
    /// </remarks>
    public Func<ClaimsPrincipal, string?> TenantIdSelector { get; set; } = TenantIdFromClaim;

    /// <summary>
    /// Gets or sets the function that determines whether a user, or a personal key, manages the keys of other users in the tenant. The
    /// default is never: they manage their own personal keys only.
    /// </summary>
    /// <remarks>
    /// Keys of other kinds always manage the keys of their tenant, because they were granted the scope for that. A caller for which this
    /// function returns false, of any kind, cannot create a key that another user owns.
    /// </remarks>
    public Func<ClaimsPrincipal, bool> ManagesOthers { get; set; } = static _ => false;

    /// <summary>
    /// Gets or sets the function that determines whether a caller can see and change the keys of every tenant. The default is never.
    /// </summary>
    public Func<ClaimsPrincipal, bool> MayCrossTenants { get; set; } = static _ => false;

    /// <summary>Gets a function for <see cref="NewId"/> that creates UUIDs (RFC 9562 §5.4).</summary>
    public static Func<string> UuidIds { get; } = static () => Guid.NewGuid().ToString();

    /// <summary>Gets the default of <see cref="TenantIdSelector"/>.</summary>
    internal static Func<ClaimsPrincipal, string?> TenantIdFromClaim { get; } =
        static user => user.FindFirst(ApiKeyClaimTypes.TenantId)?.Value;

    private const string IdCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
}
