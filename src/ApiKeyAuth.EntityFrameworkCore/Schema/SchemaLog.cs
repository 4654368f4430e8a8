using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>What is logged at start.</summary>
internal static partial class SchemaLog
{
    [LoggerMessage(2001, LogLevel.Warning, "The database of {Context} cannot be reached, so its tables are not checked; keys in it are refused with 503 until it can.")]
    public static partial void Unreachable(ILogger logger, string context);

    [LoggerMessage(2002, LogLevel.Warning, "Migrations of {Context} wait up to {Timeout} for the lock in the table __EFMigrationsLock, which another process holds. "
        + "If no other process is applying migrations, one was killed before it could release the lock: run the statement {Statement} in the database.")]
    public static partial void WaitingForLock(ILogger logger, string context, TimeSpan timeout, string statement);
}
