using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Uses of one secret of a key since the last flush.</summary>
public sealed record ApiKeyUse
{
    /// <summary>The key.</summary>
    public required string KeyId { get; init; }

    /// <summary>The hash of the secret that was used.</summary>
    public required ApiKeyHash Hash { get; init; }

    /// <summary>How many requests, at least 1.</summary>
    public required long Count { get; init; }

    /// <summary>The last of them.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>Names the key and the count only.</summary>
    public override string ToString() => $"ApiKeyUse {KeyId} {Count}";
}
