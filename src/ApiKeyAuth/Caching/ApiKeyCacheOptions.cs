namespace ApiKeyAuth.Caching;

/// <summary>How long and how much the cache before the key store remembers.</summary>
public sealed class ApiKeyCacheOptions
{
    /// <summary>How long a known key is served without asking the store again: 0 to 1 hour, 60 seconds by default.</summary>
    /// <remarks>On several nodes without a bus, a revocation takes up to this long to reach all of them.</remarks>
    public TimeSpan KnownKeyLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an unknown key is remembered as such: 0 to 1 hour, 10 seconds by default.</summary>
    public TimeSpan UnknownKeyLifetime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long past its freshness a known key is served while the store is down: 0 to 24 hours, 5 minutes by default (RFC 5861 §4).</summary>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the store may take: 10 milliseconds to 1 minute, 2 seconds by default; then it counts as down.</summary>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many known keys are remembered: 1 to 10,000,000, 100,000 by default.</summary>
    public int MaxKnownKeys { get; set; } = 100_000;

    /// <summary>How many unknown keys are remembered: 1 to 10,000,000, 10,000 by default; a flood of them never evicts a known one.</summary>
    public int MaxUnknownKeys { get; set; } = 10_000;
}
