using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Keys;

/// <summary>One secret of a key: the current one, or one that a rotation retires at a deadline.</summary>
public sealed record ApiKeySecret
{
    private readonly long _expiresAtTicks;
    private readonly long _lastUsedAtTicks;

    /// <summary>The hash by which a store finds the key.</summary>
    public required ApiKeyHash Hash { get; init; }

    /// <summary>The last characters of the secret, by which a person tells it from others.</summary>
    public string Hint { get; init; } = "";

    /// <summary>When the secret was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on the secret is refused, in UTC, or null for as long as the key lives.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get => NullableUtcTicks.ToDateTimeOffset(_expiresAtTicks);
        init => _expiresAtTicks = NullableUtcTicks.FromDateTimeOffset(value);
    }

    /// <summary>When it was last used, in UTC, as of the last flush of usage, or null; a store fills it in where keys are managed.</summary>
    public DateTimeOffset? LastUsedAt
    {
        get => NullableUtcTicks.ToDateTimeOffset(_lastUsedAtTicks);
        init => _lastUsedAtTicks = NullableUtcTicks.FromDateTimeOffset(value);
    }

    /// <summary>Names the hint only.</summary>
    public override string ToString() => $"ApiKeySecret …{Hint}";
}
