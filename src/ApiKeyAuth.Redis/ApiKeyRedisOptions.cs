namespace ApiKeyAuth.Redis;

/// <summary>Represents the options of the Redis rate limiter and backplane, which share them.</summary>
/// <remarks>The backplane uses <see cref="KeyPrefix"/> and <see cref="Database"/> only.</remarks>
public sealed class ApiKeyRedisOptions
{
    /// <summary>
    /// Gets or sets the prefix of all Redis keys and channels: 1 to 100 visible ASCII characters, without braces, brackets, wildcards and
    /// backslashes. The default is <c>apikeyauth:</c>.
    /// </summary>
    /// <remarks>All nodes of an app use the same prefix. Apps that share a server need different ones.</remarks>
    public string KeyPrefix { get; set; } = "apikeyauth:";

    /// <summary>
    /// Gets or sets the number of the database. The default is <see langword="null"/>, which means the database of the connection.
    /// </summary>
    public int? Database { get; set; }

    /// <summary>
    /// Gets or sets how long a request waits for Redis before the node decides by itself: 1 ms to 5 seconds. The default is 40 ms.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(40);

    /// <summary>
    /// Gets or sets how requests are limited while Redis is unavailable. The default is <see cref="ApiKeyRedisOutage.LocalShare"/>.
    /// </summary>
    public ApiKeyRedisOutage Outage { get; set; } = ApiKeyRedisOutage.LocalShare;

    /// <summary>
    /// Gets or sets the number of nodes that the app is expected to run on; the default is <see langword="null"/>, unknown.
    /// </summary>
    /// <remarks>
    /// In an outage each node admits its limit divided by this number, or by the number that the backplane last reported if that is larger.
    /// Set it if the app has no backplane, or if nodes may start while Redis is unavailable: a node that does not know of the others admits
    /// the whole limit, so n nodes admit n times the limit.
    /// </remarks>
    public int? ExpectedNodes { get; set; }

    /// <summary>
    /// Gets or sets the interval between retries while Redis is unavailable: 10 ms to 1 minute. The default is 500 ms.
    /// </summary>
    /// <remarks>The first failed call opens a circuit breaker: requests do not wait for Redis until a retry succeeds.</remarks>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Gets or sets a value indicating whether each call contains one API key only. The default is <see langword="false"/>: checks that
    /// wait at the same time are sent in one call if the server supports it.
    /// </summary>
    /// <remarks>
    /// The library tests for this support at startup and after each outage. Set this option if a proxy may begin to distribute keys over
    /// several servers while the app runs.
    /// </remarks>
    public bool OneKeyPerCall { get; set; }
}
