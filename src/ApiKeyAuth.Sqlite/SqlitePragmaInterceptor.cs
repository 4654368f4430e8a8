using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace ApiKeyAuth.Sqlite;

/// <summary>Sets each connection up once, not at every opening, because a pooled one stays as it is.</summary>
/// <remarks>
/// With a write-ahead log readers never wait for a writer. A writer that waits for another is woken by SQLite within milliseconds; without a
/// time-out of SQLite's own, Microsoft.Data.Sqlite looks again every 150. <c>synchronous</c> stays FULL: a revocation that was answered is not
/// lost with the power.
/// </remarks>
internal sealed class SqlitePragmaInterceptor : DbConnectionInterceptor
{
    private const string Settings = "PRAGMA busy_timeout = 5000;";
    private const string WriterSettings = Settings + " PRAGMA journal_mode = WAL;";

    private readonly ConditionalWeakTable<sqlite3, object> _configured = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => SetUp((SqliteConnection)connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        SetUp((SqliteConnection)connection);
        return Task.CompletedTask;
    }

    private void SetUp(SqliteConnection connection)
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
