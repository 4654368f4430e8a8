namespace ApiKeyAuth.Redis;

/// <summary>Defines how a node limits requests while Redis is unavailable.</summary>
public enum ApiKeyRedisOutage
{
    /// <summary>
    /// Each node admits its share: every limit divided by the number of nodes, at least 1. What the node admitted earlier in the window
    /// counts.
    /// </summary>
    /// <remarks>
    /// If only some nodes reach Redis, a window admits at most twice its limit, or one more per node if the limit is below the number of
    /// nodes.
    /// </remarks>
    LocalShare,

    /// <summary>Limited requests are rejected with 503 <c>key_store_unavailable</c> and <c>Retry-After</c>.</summary>
    FailClosed,

    /// <summary>Every request is admitted, and charged when Redis is available again.</summary>
    /// <remarks>Unsafe: a caller who overloads Redis, or waits for an outage, has no limit.</remarks>
    UnsafeFailOpen,
}
