using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>Defines the log messages of the startup.</summary>
internal static partial class SchemaLog
{
    [LoggerMessage(2001, LogLevel.Warning,
        "The database of {Context} cannot be reached, so its tables were not checked; keys in it are rejected with 503 until it is "
        + "available.")]
    public static partial void Unreachable(ILogger logger, string context);

    [LoggerMessage(2002, LogLevel.Warning,
        "Migrations of {Context} wait up to {Timeout} for the lock in the table __EFMigrationsLock, which another process holds. "
        + "If no other process is applying migrations, one was killed before it could release the lock: run the statement {Statement} "
        + "in the database.")]
    public static partial void WaitingForLock(ILogger logger, string context, TimeSpan timeout, string statement);
}
