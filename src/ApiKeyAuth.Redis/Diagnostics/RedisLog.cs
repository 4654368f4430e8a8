using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Redis.Diagnostics;

/// <summary>Every event the package logs; none takes a name, an address or a message of the server's.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(3001, LogLevel.Error, "Redis does not answer ({Reason}); until it does, rate limits are decided as AddRedis() has it: {Outage}.")]
    public static partial void OutageStarted(ILogger logger, string reason, ApiKeyRedisOutage outage);

    [LoggerMessage(3002, LogLevel.Warning, "Redis answers again after {Elapsed}; what was let pass meanwhile is charged.")]
    public static partial void OutageEnded(ILogger logger, TimeSpan elapsed);

    [LoggerMessage(3003, LogLevel.Warning, "The server is Garnet, and over the app's own connection it cannot be tried whether its scripts run one at a time; it must have been started with --lua-transaction-mode, else limits are exceeded. Give AddRedis() a connection string and it is tried.")]
    public static partial void AtomicityUnknown(ILogger logger);

    [LoggerMessage(3004, LogLevel.Warning,
        "The host name of server {Number} of {Count} in AddRedis() does not resolve; correct the connection string or the DNS. "
        + "The app goes on and tries it again.")]
    public static partial void HostNotResolved(ILogger logger, int number, int count);

    [LoggerMessage(3005, LogLevel.Warning,
        "The Redis server took no writes, as after a failover; a primary was found among the servers of the connection.")]
    public static partial void PrimaryFound(ILogger logger);

    [LoggerMessage(3006, LogLevel.Warning,
        "The Redis server took no writes, as after a failover; a new connection leads to the primary and is used from now on.")]
    public static partial void Reconnected(ILogger logger);

    [LoggerMessage(3007, LogLevel.Error,
        "The app's own connection in AddRedis() leads to no Redis server that takes writes, as after a failover, and only the "
        + "app can replace it: restart the app, list all servers in the connection, or give AddRedis() a connection string so "
        + "that it connects again by itself.")]
    public static partial void SharedConnectionToReplica(ILogger logger);

    [LoggerMessage(3008, LogLevel.Warning,
        "Redis was away when this node started, so it does not know how many other nodes there are and admits the whole of each"
        + " limit until Redis is back: n nodes admit n times the limit. Set ExpectedNodes in AddRedis() to divide the limits by "
        + "that number.")]
    public static partial void NodeCountUnknown(ILogger logger);
}
