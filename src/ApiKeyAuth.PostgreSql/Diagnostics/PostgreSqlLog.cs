using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.PostgreSql.Diagnostics;

/// <summary>Defines the log messages of the package. They contain no names, addresses or server messages.</summary>
internal static partial class PostgreSqlLog
{
    [LoggerMessage(5001, LogLevel.Error,
        "PostgreSQL reported a prepared statement that is missing or exists already (SQLSTATE {State}), as behind a pooler such"
        + " as PgBouncer in transaction mode. Set Max Auto Prepare=0 in the connection string of AddPostgreSql(), or use "
        + "PgBouncer 1.21 or later with max_prepared_statements above 0.")]
    public static partial void PreparedStatementLost(ILogger logger, string state);

    [LoggerMessage(5002, LogLevel.Warning,
        "A notification that this node sent to PostgreSQL did not come back: LISTEN does not work through a pooler such as "
        + "PgBouncer in transaction mode. This node receives changed keys with its next heartbeat, up to a third of a lease later, and "
        + "every revocation takes that long. Give AddPostgreSqlBackplane() a connection string that leads to the database directly or "
        + "through a pool in session mode.")]
    public static partial void NotificationLost(ILogger logger);
}
