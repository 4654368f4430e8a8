using System.Net;
using System.Text.Json.Serialization;

namespace ApiKeyAuth.Keys;

/// <summary>A key as a store keeps it: who holds it, what it may do, how often, and until when. It holds hashes, never a secret.</summary>
/// <remarks>
/// Immutable; a change is a <c>with</c> expression and goes through the store. The id never changes: limits, usage and audit hang on it,
/// so a rotation replaces <see cref="Secrets"/> and nothing else.
/// </remarks>
public sealed record ApiKey
{
    // Null in almost every cached key, where four fields would take 32 bytes.
    private readonly History? _history;

    /// <summary>The stable id, 1 to 200 characters; no part of the secret.</summary>
    public required string Id { get; init; }

    /// <summary>The name its maker gave it.</summary>
    public string Name { get; init; } = "";

    /// <summary>What sort of key it is, in the app's own words (<c>organization</c>, <c>personal</c>, <c>service</c>), or null.</summary>
    public string? Kind { get; init; }

    /// <summary>The environment it belongs to, such as <c>live</c> or <c>test</c>, or null where the format names none.</summary>
    public string? Environment { get; init; }

    /// <summary>The tenant it belongs to, or null in an app without tenants.</summary>
    public string? TenantId { get; init; }

    /// <summary>The user it belongs to, or null.</summary>
    /// <remarks>Only a personal key acts as its owner; of any other key the owner is a label that gives no rights.</remarks>
    public string? OwnerId { get; init; }

    /// <summary>What it may do. Wildcards count here, and only here.</summary>
    public ScopeSet Scopes { get; init; } = ScopeSet.Empty;

    /// <summary>Its own limits, which replace those of the scopes; empty for the defaults.</summary>
    public IReadOnlyList<RateLimit> RateLimits { get; init; } = [];

    /// <summary>The networks it may call from; empty for any. Never written as JSON, which addresses cannot be.</summary>
    [JsonIgnore]
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    /// <summary>The audiences it is bound to; empty for any.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>The app's own notes on it.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether it is switched on.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>When it was ended for good, in UTC, or null.</summary>
    public DateTimeOffset? RevokedAt
    {
        get => _history?.RevokedAt;
        init => _history = History.NullIfEmpty(HistoryOrEmpty with { RevokedAt = value?.ToUniversalTime() });
    }

    /// <summary>Gets why it was revoked, in the words of who did it, or null.</summary>
    public string? RevocationReason
    {
        get => _history?.RevocationReason;
        init => _history = History.NullIfEmpty(HistoryOrEmpty with { RevocationReason = value });
    }

    /// <summary>When it ends by itself, or null for never.</summary>
    public ApiKeyExpiry? ExpiresAt { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it, or null.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Its current secret first, then those that a rotation is retiring; never written as JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<ApiKeySecret> Secrets { get; init; } = [];

    /// <summary>Counts the changes of the key, from 1; the store counts, and uses it to refuse a change of what was changed meanwhile.</summary>
    public long Version { get; init; }

    /// <summary>When it was last used, in UTC, as of the last flush of usage, or null; a store fills it in where keys are managed, and changes nothing by it.</summary>
    public DateTimeOffset? LastUsedAt
    {
        get => _history?.LastUsedAt;
        init => _history = History.NullIfEmpty(HistoryOrEmpty with { LastUsedAt = value?.ToUniversalTime() });
    }

    /// <summary>How many requests it made, as of the last flush of usage; see <see cref="LastUsedAt"/>.</summary>
    public long UsageCount
    {
        get => _history?.UsageCount ?? 0;
        init => _history = History.NullIfEmpty(HistoryOrEmpty with { UsageCount = value });
    }

    private History HistoryOrEmpty => _history ?? History.Empty;

    /// <summary>Tells whether the key lets its holder in at a moment.</summary>
    public ApiKeyStatus GetStatus(DateTimeOffset now) =>
        _history?.RevokedAt is not null ? ApiKeyStatus.Revoked
        : !Enabled ? ApiKeyStatus.Disabled
        : ExpiresAt is { } end && now >= end.Instant ? ApiKeyStatus.Expired
        : ApiKeyStatus.Active;

    /// <summary>Names the id only.</summary>
    public override string ToString() => $"ApiKey {Id}";

    /// <summary>Represents what happened to a key: its revocation and its use.</summary>
    private sealed record History
    {
        public static readonly History Empty = new();

        public DateTimeOffset? RevokedAt { get; init; }

        public string? RevocationReason { get; init; }

        public DateTimeOffset? LastUsedAt { get; init; }

        public long UsageCount { get; init; }

        /// <summary>Returns the history, or null if nothing has happened yet.</summary>
        public static History? NullIfEmpty(History history) => history == Empty ? null : history;
    }
}
