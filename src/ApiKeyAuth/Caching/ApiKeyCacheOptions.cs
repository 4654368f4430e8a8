namespace ApiKeyAuth.Caching;

/// <summary>Provides options for the cache in front of the key stores.</summary>
public sealed class ApiKeyCacheOptions
{
    /// <summary>
    /// Gets or sets how long a known key is served before it is loaded again, from 0 to 1 hour. The default is 60 seconds.
    /// </summary>
    /// <remarks>With several nodes and no backplane, a revocation takes up to this long to reach all nodes.</remarks>
    public TimeSpan KnownKeyLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets how long an unknown key is cached, from 0 to 1 hour. The default is 10 seconds.</summary>
    public TimeSpan UnknownKeyLifetime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets how long after <see cref="KnownKeyLifetime"/> a known key is served while the store is unavailable, from 0 to 24 hours
    /// (RFC 5861 §4). The default is 5 minutes.
    /// </summary>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets the time after which a store call fails, from 10 milliseconds to 1 minute. The default is 2 seconds.
    /// </summary>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets the maximum number of known keys in the cache, from 1 to 10,000,000. The default is 100,000.</summary>
    public int MaxKnownKeys { get; set; } = 100_000;

    /// <summary>Gets or sets the maximum number of unknown keys in the cache, from 1 to 10,000,000. The default is 10,000.</summary>
    /// <remarks>Unknown keys never evict known keys.</remarks>
    public int MaxUnknownKeys { get; set; } = 10_000;
}
