using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Keys;

/// <summary>Represents one secret of a key: the current one, or one that a rotation retires at a deadline.</summary>
public sealed record ApiKeySecret
{
    private readonly long _expiresAtTicks;
    private readonly long _lastUsedAtTicks;

    // Null for most secrets, so that cached keys stay small.
    private readonly Details? _details;

    /// <summary>Gets the hash by which a store finds the key.</summary>
    public required ApiKeyHash Hash { get; init; }

    /// <summary>Gets the last characters of the secret, by which people recognize it. The default is an empty string.</summary>
    public string Hint { get; init; } = "";

    /// <summary>Gets when the secret was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets when the secret expires, in UTC, or <see langword="null"/> if it is valid as long as the key.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get => NullableUtcTicks.ToDateTimeOffset(_expiresAtTicks);
        init => _expiresAtTicks = NullableUtcTicks.FromDateTimeOffset(value);
    }

    /// <summary>
    /// Gets when a report said that the secret leaked, in UTC, or <see langword="null"/>. A leaked secret never becomes current again.
    /// </summary>
    public DateTimeOffset? LeakedAt
    {
        get => _details?.LeakedAt;
        init => _details = Details.NullIfEmpty(DetailsOrEmpty with { LeakedAt = value?.ToUniversalTime() });
    }

    /// <summary>
    /// Gets the salted hash of another system, by which the secret is verified until its first use, or <see langword="null"/>.
    /// </summary>
    /// <remarks><see cref="Hash"/> then only identifies the secret.</remarks>
    public ApiKeySaltedHash? SaltedHash
    {
        get => _details?.SaltedHash;
        init => _details = Details.NullIfEmpty(DetailsOrEmpty with { SaltedHash = value });
    }

    /// <summary>Gets when the secret was last used, in UTC, as of the last usage flush, or <see langword="null"/>.</summary>
    /// <remarks>A store sets the value for key management. It does not affect authentication.</remarks>
    public DateTimeOffset? LastUsedAt
    {
        get => NullableUtcTicks.ToDateTimeOffset(_lastUsedAtTicks);
        init => _lastUsedAtTicks = NullableUtcTicks.FromDateTimeOffset(value);
    }

    private Details DetailsOrEmpty => _details ?? Details.Empty;

    /// <summary>Returns the type name and the hint.</summary>
    public override string ToString() => $"ApiKeySecret …{Hint}";

    /// <summary>Represents the rarely set values of a secret.</summary>
    private sealed record Details
    {
        public static readonly Details Empty = new();

        public DateTimeOffset? LeakedAt { get; init; }

        public ApiKeySaltedHash? SaltedHash { get; init; }

        /// <summary>Returns the details, or null if they are empty.</summary>
        public static Details? NullIfEmpty(Details details) => details == Empty ? null : details;
    }
}
