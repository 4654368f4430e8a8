using ApiKeyAuth;
using ApiKeyAuth.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the store in SQLite.</summary>
public static class ApiKeySqliteExtensions
{
    // Apart from that of a host's own context in the same database.
    private const string HistoryTable = "ApiKeyAuthMigrations";

    // In seconds, for a file that another program has locked; 30 where nothing is said, and a thread waits as long.
    private const int LockTimeout = 5;

    /// <summary>Adds a store in a SQLite file.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The file, such as <c>Data Source=keys.db</c>.</param>
    /// <param name="migrate">Whether the file is made and brought up to date at start; else one that is not stops the app before it listens.</param>
    /// <exception cref="ArgumentException">The connection string is invalid, or names a database in memory.</exception>
    public static ApiKeyAuthBuilder AddSqlite(this ApiKeyAuthBuilder builder, string connectionString, bool migrate = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var connection = new SqliteConnectionStringBuilder(connectionString);
        if (IsInMemory(connection))
        {
            throw new ArgumentException(
                "A SQLite database in memory ends with its connection: name a file, or call AddInMemoryStore().", nameof(connectionString));
        }

        if (!connection.ShouldSerialize("Default Timeout"))
        {
            connection.DefaultTimeout = LockTimeout;
        }

        var setup = new SqlitePragmaInterceptor();
        builder.Services.AddPooledDbContextFactory<ApiKeySqliteContext>(options => options
            .UseSqlite(connection.ConnectionString, sqlite => sqlite.MigrationsHistoryTable(HistoryTable))
            .AddInterceptors(setup)
            .ConfigureWarnings(events => events.Log((RelationalEventId.CommandExecuted, LogLevel.Debug))));
        return builder.AddEntityFrameworkStore<ApiKeySqliteContext>(migrate);
    }

    private static bool IsInMemory(SqliteConnectionStringBuilder connection) =>
        connection.Mode == SqliteOpenMode.Memory
        || connection.DataSource is "" or ":memory:"
        || connection.DataSource.Contains("mode=memory", StringComparison.OrdinalIgnoreCase);
}
