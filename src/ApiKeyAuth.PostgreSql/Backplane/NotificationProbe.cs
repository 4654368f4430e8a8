using ApiKeyAuth.PostgreSql.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ApiKeyAuth.PostgreSql.Backplane;

/// <summary>
/// Sends a notification to this node itself, and logs a warning if it does not arrive: a pooler may accept LISTEN and deliver nothing.
/// </summary>
internal sealed class NotificationProbe(BackplaneDatabase database, TimeProvider time, ILogger<NotificationProbe> logger)
{
    private const string Prefix = "probe:";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private int _isReported;

    /// <summary>Determines whether a notification is a probe of this node or another node.</summary>
    public static bool IsProbe(string payload) => payload.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Creates the payload of a probe.</summary>
    public static string CreatePayload() => $"{Prefix}{Guid.NewGuid():N}";

    /// <summary>Sends a probe over another connection, and waits for its arrival for a limited time.</summary>
    /// <param name="payload">The payload of the probe.</param>
    /// <param name="received">The task that completes when the listening connection receives the probe.</param>
    /// <param name="cancellationToken">The token that is canceled when listening ends.</param>
    public async Task RunAsync(string payload, Task received, CancellationToken cancellationToken)
    {
        try
        {
            await using (var command = database.DataSource.CreateCommand("SELECT pg_notify('ApiKeyAuthBackplane', $1)"))
            {
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payload });
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            await received.WaitAsync(Timeout, time, cancellationToken);
            Volatile.Write(ref _isReported, 0);
        }
        catch (TimeoutException)
        {
            if (Interlocked.Exchange(ref _isReported, 1) == 0)
            {
                PostgreSqlLog.NotificationLost(logger);
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            // The heartbeats log that the database is unavailable, and the probe runs again when listening restarts.
        }
    }
}
