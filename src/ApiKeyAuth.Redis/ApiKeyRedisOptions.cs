namespace ApiKeyAuth.Redis;

/// <summary>How API keys use Redis.</summary>
public sealed class ApiKeyRedisOptions
{
    /// <summary>What the names of all keys and channels begin with, <c>apikeyauth:</c> by default; nodes that serve the same API keys have the same.</summary>
    /// <remarks>Apps that share a server need one each. It holds no brace, space, control character or wildcard.</remarks>
    public string KeyPrefix { get; set; } = "apikeyauth:";

    /// <summary>The number of the database; null, the default, for the one that the connection names.</summary>
    public int? Database { get; set; }

    /// <summary>How long a request waits for Redis before this node decides alone: 40 ms by default, so that it is decided within 50; 1 ms to 5 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(40);

    /// <summary>What is decided while Redis does not answer; by default the limit divided by the number of nodes.</summary>
    public ApiKeyRedisOutage Outage { get; set; } = ApiKeyRedisOutage.LocalShare;

    /// <summary>
    /// Gets or sets the number of nodes that the app is expected to run on; the default is <see langword="null"/>, unknown.
    /// </summary>
    /// <remarks>
    /// In an outage each node admits its limit divided by this number, or by the number that the backplane last reported if that is larger.
    /// Set it if nodes
    /// may start while Redis is away: a node that has never heard of another admits the whole limit, so n of them admit n times the limit.
    /// </remarks>
    public int? ExpectedNodes { get; set; }

    /// <summary>How often Redis is tried again while it does not answer, apart from any request: 500 ms by default, 10 ms to 1 min.</summary>
    /// <remarks>The first call that fails stops all others from waiting; they resume when a try succeeds.</remarks>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether each call asks about one key only; false by default: those who wait at the same time go in one call, where a trial shows that the server takes several keys.</summary>
    /// <remarks>The trial is made at each start and after each outage. Set it where a proxy may begin to spread keys over servers while the app runs.</remarks>
    public bool OneKeyPerCall { get; set; }
}
