using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ApiKeyAuth.PostgreSql.Diagnostics;

/// <summary>Logs the setting that fixes lost prepared statements. The store logs only the type of an exception.</summary>
internal sealed class PreparedStatementInterceptor(TimeProvider time, ILogger<PreparedStatementInterceptor> logger)
    : DbCommandInterceptor
{
    // Limited, because behind such a pooler most commands fail under load.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _lastLoggedAt;

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => LogFailure(eventData.Exception);

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        LogFailure(eventData.Exception);
        return Task.CompletedTask;
    }

    /// <summary>Logs a failure of a prepared statement, at most once per minute.</summary>
    public void LogFailure(Exception exception)
    {
        if (exception is not PostgresException
            {
                SqlState: PostgresErrorCodes.InvalidSqlStatementName or PostgresErrorCodes.DuplicatePreparedStatement,
            } failure)
        {
            return;
        }

        lock (_lock)
        {
            if (_lastLoggedAt is { } logged && time.GetElapsedTime(logged) < Interval)
            {
                return;
            }

            _lastLoggedAt = time.GetTimestamp();
        }

        PostgreSqlLog.PreparedStatementLost(logger, failure.SqlState);
    }
}
