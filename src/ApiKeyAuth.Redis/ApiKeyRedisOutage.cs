namespace ApiKeyAuth.Redis;

/// <summary>What a node decides while Redis does not answer.</summary>
public enum ApiKeyRedisOutage
{
    /// <summary>Each node admits its share: every limit divided by the number of nodes, at least 1, less what the node admitted in the window before the outage.</summary>
    /// <remarks>While some nodes reach Redis and others do not, a window admits at most twice its limit, or one more a node where the limit is below their number.</remarks>
    LocalShare,

    /// <summary>Requests that a limit holds for are answered with 503 <c>key_store_unavailable</c> and <c>Retry-After</c>.</summary>
    FailClosed,

    /// <summary>Every request passes.</summary>
    /// <remarks>Unsafe: whoever can keep Redis busy, or waits until it fails, has no limit. What passes is charged once Redis is back.</remarks>
    UnsafeFailOpen,
}
