using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Redis.Diagnostics;

/// <summary>Defines the log events of the package. None contains a name, an address or a message of the server.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(3001, LogLevel.Error,
        "Redis does not answer ({Reason}). Until it does, this node limits requests by itself, as set by "
        + "ApiKeyRedisOptions.Outage: {Outage}.")]
    public static partial void OutageStarted(ILogger logger, string reason, ApiKeyRedisOutage outage);

    [LoggerMessage(3002, LogLevel.Warning,
        "Redis answers again after {Elapsed}. The requests that were admitted during the outage have been charged.")]
    public static partial void OutageEnded(ILogger logger, TimeSpan elapsed);

    [LoggerMessage(3003, LogLevel.Warning,
        "The server is Garnet, and whether its scripts run one at a time cannot be tested over the app's own connection. Start Garnet "
        + "with --lua-transaction-mode, because limits are exceeded without it, or pass a connection string to {Method}() to test it.")]
    public static partial void AtomicityUnknown(ILogger logger, string method);

    [LoggerMessage(3004, LogLevel.Warning,
        "The host name of server {Number} of {Count} in {Method}() does not resolve. Correct the connection string or the DNS record. "
        + "The app keeps trying to connect.")]
    public static partial void HostNotResolved(ILogger logger, int number, int count, string method);

    [LoggerMessage(3005, LogLevel.Warning,
        "The Redis server rejected writes, probably after a failover. A primary was found among the servers of the connection.")]
    public static partial void PrimaryFound(ILogger logger);

    [LoggerMessage(3006, LogLevel.Warning,
        "The Redis server rejected writes, probably after a failover. A new connection to the primary is in use.")]
    public static partial void Reconnected(ILogger logger);

    [LoggerMessage(3007, LogLevel.Error,
        "The app's own connection in {Method}() has no Redis server that accepts writes, probably after a failover, and only the "
        + "app can replace it. Restart the app, list all servers in the connection, or pass a connection string to {Method}() so "
        + "that it reconnects by itself.")]
    public static partial void SharedConnectionToReplica(ILogger logger, string method);

    [LoggerMessage(3008, LogLevel.Warning,
        "Redis was unavailable when this node started, so the number of nodes is unknown and this node admits the whole of each "
        + "limit until Redis is available: n nodes admit n times the limit. Set ApiKeyRedisOptions.ExpectedNodes to divide the limits "
        + "by that number.")]
    public static partial void NodeCountUnknown(ILogger logger);
}
