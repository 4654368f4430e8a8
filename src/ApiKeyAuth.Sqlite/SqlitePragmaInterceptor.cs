using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace ApiKeyAuth.Sqlite;

/// <summary>Configures each connection once. A pooled connection keeps its settings.</summary>
/// <remarks>
/// With a write-ahead log, readers never wait for a writer. SQLite's own timeout resumes a waiting writer within milliseconds; without it,
/// Microsoft.Data.Sqlite retries every 150 ms. <c>synchronous</c> is FULL, so that an acknowledged revocation survives a power failure.
/// </remarks>
internal sealed class SqlitePragmaInterceptor : DbConnectionInterceptor
{
    private const string Settings = "PRAGMA busy_timeout = 5000;";
    private const string WriterSettings = Settings + " PRAGMA journal_mode = WAL;";

    private readonly ConditionalWeakTable<sqlite3, object> _configured = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
        Configure((SqliteConnection)connection);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Configure((SqliteConnection)connection);
        return Task.CompletedTask;
    }

    private void Configure(SqliteConnection connection)
    {
        if (connection.Handle is not { } handle || !_configured.TryAdd(handle, this))
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = raw.sqlite3_db_readonly(handle, "main") == 0 ? WriterSettings : Settings;
        command.ExecuteNonQuery();
    }
}
