using System.Net;
using System.Text.Json.Serialization;

namespace ApiKeyAuth.Keys;

/// <summary>
/// Represents an API key as a store keeps it: its owner, rights, limits and lifetime. It contains hashes, never a secret.
/// </summary>
/// <remarks>
/// Instances are immutable: change a key with a <c>with</c> expression and save it through the store. The ID never changes. Limits, usage
/// and audit entries refer to it, so a rotation only replaces <see cref="Secrets"/>.
/// </remarks>
public sealed record ApiKey
{
    // The days between the earliest and the latest time, so that sums do not overflow.
    private const int MaxDays = 3_652_058;

    // Null for most cached keys. Six separate fields would take 56 bytes in each of them.
    private readonly Details? _details;

    /// <summary>Gets the stable ID, 1 to 200 characters. It is not part of the secret.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the name that was given to the key when it was created. The default is an empty string.</summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// Gets the kind of key in the app's own words, such as <see cref="ApiKeyKinds.Service"/>, or <see langword="null"/>.
    /// </summary>
    public string? Kind { get; init; }

    /// <summary>
    /// Gets the environment, such as <c>live</c> or <c>test</c>, or <see langword="null"/> if the format has no environments.
    /// </summary>
    public string? Environment { get; init; }

    /// <summary>Gets the ID of the tenant, or <see langword="null"/> in an app without tenants.</summary>
    public string? TenantId { get; init; }

    /// <summary>Gets the ID of the user who owns the key, or <see langword="null"/>.</summary>
    /// <remarks>Only a personal key acts as its owner. For any other key the owner is a label that grants no rights.</remarks>
    public string? OwnerId { get; init; }

    /// <summary>Gets the granted scopes. Wildcards are allowed here and have no meaning in a requirement.</summary>
    public ScopeSet Scopes { get; init; } = ScopeSet.Empty;

    /// <summary>
    /// Gets the key's own rate limits, which replace the limits of its scopes. The default is an empty list: the limits of the scopes
    /// apply.
    /// </summary>
    public IReadOnlyList<RateLimit> RateLimits { get; init; } = [];

    /// <summary>Gets the networks that the key may be used from. The default is an empty list, which allows every network.</summary>
    /// <remarks>The property is not written as JSON, because <see cref="IPNetwork"/> has no JSON representation.</remarks>
    [JsonIgnore]
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    /// <summary>Gets the audiences that the key is restricted to. The default is an empty list, which allows every audience.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>Gets the app's own metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } =
        System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Gets a value indicating whether the key is enabled. The default is <see langword="true"/>.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Gets when the key was revoked, in UTC, or <see langword="null"/>.</summary>
    public DateTimeOffset? RevokedAt
    {
        get => _details?.RevokedAt;
        init => _details = Details.NullIfEmpty(DetailsOrEmpty with { RevokedAt = value?.ToUniversalTime() });
    }

    /// <summary>Gets the reason for the revocation as the caller stated it, or <see langword="null"/>.</summary>
    public string? RevocationReason
    {
        get => _details?.RevocationReason;
        init => _details = Details.NullIfEmpty(DetailsOrEmpty with { RevocationReason = value });
    }

    /// <summary>Gets when the key expires, or <see langword="null"/> if it does not expire.</summary>
    public ApiKeyExpiry? ExpiresAt { get; init; }

    /// <summary>
    /// Gets the time before which the key is not accepted, in UTC, or <see langword="null"/> if it is accepted from its creation.
    /// </summary>
    public DateTimeOffset? NotBefore
    {
        get => _details?.NotBefore;
        init => _details = Details.NullIfEmpty(DetailsOrEmpty with { NotBefore = value?.ToUniversalTime() });
    }

    /// <summary>
    /// Gets the number of days without a use after which the key expires, at least 1, or <see langword="null"/> if it does not expire in
    /// this way.
    /// </summary>
    /// <remarks>
    /// A key that was never used counts from its creation, or from <see cref="NotBefore"/> if that is later. See
    /// <see cref="GetIdleExpiration"/>.
    /// </remarks>
    public int? ExpiresAfterIdleDays
    {
        get => _details?.ExpiresAfterIdleDays;
        init => _details = Details.NullIfEmpty(DetailsOrEmpty with { ExpiresAfterIdleDays = value });
    }

    /// <summary>Gets when the key was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets the caller who created the key, or <see langword="null"/>.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>
    /// Gets the current secret, followed by the secrets that a rotation is retiring. The property is never written as JSON.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<ApiKeySecret> Secrets { get; init; } = [];

    /// <summary>Gets the version, which the store increments with each change from 1.</summary>
    /// <remarks>The store rejects an update that is based on an older version.</remarks>
    public long Version { get; init; }

    /// <summary>Gets when the key was last used, in UTC, as of the last usage flush, or <see langword="null"/>.</summary>
    /// <remarks>
    /// A request that authentication rejected is not a use. A store sets the value for key management. It affects authentication only if
    /// <see cref="ExpiresAfterIdleDays"/> is set; a store that counts usage then sets it in lookups too.
    /// </remarks>
    public DateTimeOffset? LastUsedAt
    {
        get => _details?.LastUsedAt;
        init => _details = Details.NullIfEmpty(DetailsOrEmpty with { LastUsedAt = value?.ToUniversalTime() });
    }

    /// <summary>Gets the number of requests made with the key, as of the last usage flush.</summary>
    /// <remarks>A store sets the value for key management. It does not affect authentication.</remarks>
    public long UsageCount
    {
        get => _details?.UsageCount ?? 0;
        init => _details = Details.NullIfEmpty(DetailsOrEmpty with { UsageCount = value });
    }

    private Details DetailsOrEmpty => _details ?? Details.Empty;

    /// <summary>Gets how long after its idle time a key is still accepted, which is 1 hour.</summary>
    /// <remarks>
    /// Each node writes uses to the store at an interval of at most 10 minutes. The tolerance prevents a key from expiring because the
    /// last use, which another node counted, is not in the store yet.
    /// </remarks>
    public static TimeSpan IdleTolerance { get; } = TimeSpan.FromHours(1);

    /// <summary>Returns the status of the key at a point in time.</summary>
    /// <param name="now">The time to evaluate the status for.</param>
    /// <returns><see cref="ApiKeyStatus.Active"/> if the key is accepted at that time.</returns>
    public ApiKeyStatus GetStatus(DateTimeOffset now) =>
        _details?.RevokedAt is not null ? ApiKeyStatus.Revoked
        : !Enabled ? ApiKeyStatus.Disabled
        : ExpiresAt is { } expiry && now >= expiry.Instant ? ApiKeyStatus.Expired
        : _details is null ? ApiKeyStatus.Active
        : now < _details.NotBefore ? ApiKeyStatus.Pending
        : now >= GetIdleExpiration() ? ApiKeyStatus.Idle
        : ApiKeyStatus.Active;

    /// <summary>Returns when the key expires unless it is used before, or <see langword="null"/> if it has no idle time.</summary>
    /// <returns>
    /// The latest of <see cref="LastUsedAt"/>, <see cref="CreatedAt"/> and <see cref="NotBefore"/>, plus
    /// <see cref="ExpiresAfterIdleDays"/> and <see cref="IdleTolerance"/>, in UTC.
    /// </returns>
    public DateTimeOffset? GetIdleExpiration()
    {
        if (_details?.ExpiresAfterIdleDays is not { } days)
        {
            return null;
        }

        var start = CreatedAt.UtcTicks;
        start = Math.Max(start, _details.LastUsedAt?.UtcTicks ?? start);
        start = Math.Max(start, _details.NotBefore?.UtcTicks ?? start);
        var end = start + (Math.Clamp(days, 0, MaxDays) * TimeSpan.TicksPerDay) + IdleTolerance.Ticks;
        return new DateTimeOffset(Math.Clamp(end, start, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }

    /// <summary>Returns the type name and the ID.</summary>
    public override string ToString() => $"ApiKey {Id}";

    /// <summary>Represents the revocation, the use and the rarely set times of a key.</summary>
    private sealed record Details
    {
        public static readonly Details Empty = new();

        public DateTimeOffset? RevokedAt { get; init; }

        public string? RevocationReason { get; init; }

        public DateTimeOffset? NotBefore { get; init; }

        public int? ExpiresAfterIdleDays { get; init; }

        public DateTimeOffset? LastUsedAt { get; init; }

        public long UsageCount { get; init; }

        /// <summary>Returns the details, or null if they are empty.</summary>
        public static Details? NullIfEmpty(Details details) => details == Empty ? null : details;
    }
}
