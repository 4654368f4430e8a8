using ApiKeyAuth;
using ApiKeyAuth.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides extension methods that add the store in SQLite.</summary>
public static class ApiKeySqliteExtensions
{
    // Separate from the history of an app's own context in the same database.
    private const string HistoryTable = "ApiKeyAuthMigrations";

    // In seconds, for a file that another program has locked. The default is 30, and a thread is blocked for as long.
    private const int LockTimeout = 5;

    /// <summary>Adds a store in a SQLite file.</summary>
    /// <remarks>The app does not start while the file is missing or outdated, unless <c>MigrateOnStartup()</c> is called.</remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The connection string, such as <c>Data Source=keys.db</c>.</param>
    /// <exception cref="ArgumentException">The connection string is invalid, or names an in-memory database.</exception>
    public static ApiKeyAuthBuilder AddSqlite(this ApiKeyAuthBuilder builder, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var connection = new SqliteConnectionStringBuilder(connectionString);
        if (IsInMemory(connection))
        {
            throw new ArgumentException(
                "An in-memory SQLite database ends with its connection; name a file, or call AddInMemoryStore().",
                nameof(connectionString));
        }

        if (!connection.ShouldSerialize("Default Timeout"))
        {
            connection.DefaultTimeout = LockTimeout;
        }

        var interceptor = new SqlitePragmaInterceptor();
        builder.Services.AddPooledDbContextFactory<ApiKeySqliteContext>(options => options
            .UseSqlite(connection.ConnectionString, sqlite => sqlite.MigrationsHistoryTable(HistoryTable))
            .AddInterceptors(interceptor)
            .ConfigureWarnings(events => events.Log((RelationalEventId.CommandExecuted, LogLevel.Debug))));
        return builder.AddEntityFrameworkStore<ApiKeySqliteContext>();
    }

    private static bool IsInMemory(SqliteConnectionStringBuilder connection) =>
        connection.Mode == SqliteOpenMode.Memory
        || connection.DataSource is "" or ":memory:"
        || connection.DataSource.Contains("mode=memory", StringComparison.OrdinalIgnoreCase);
}
