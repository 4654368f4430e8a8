using ApiKeyAuth;
using ApiKeyAuth.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the store in PostgreSQL.</summary>
public static class ApiKeyPostgreSqlExtensions
{
    private const int AutoPreparedStatements = 40;

    // Apart from that of a host's own context in the same database.
    private const string HistoryTable = "ApiKeyAuthMigrations";

    /// <summary>Adds a store in a PostgreSQL database.</summary>
    /// <remarks>
    /// Statements are prepared by themselves, which makes a look-up more than twice as fast; a connection string that says
    /// <c>Max Auto Prepare</c> is left as it is, and behind a PgBouncer before 1.21 that pools transactions it must say 0.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The database, such as <c>Host=db;Database=app;Username=app</c>; it must lead to the primary.</param>
    /// <param name="migrate">Whether the tables are made and brought up to date at start; else ones that are not stop the app before it listens.</param>
    public static ApiKeyAuthBuilder AddPostgreSql(this ApiKeyAuthBuilder builder, string connectionString, bool migrate = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var prepared = WithAutoPrepare(connectionString);
        builder.Services.AddPooledDbContextFactory<ApiKeyPostgreSqlContext>(options => options
            .UseNpgsql(prepared, npgsql => npgsql.MigrationsHistoryTable(HistoryTable))
            .ConfigureWarnings(events => events.Log((RelationalEventId.CommandExecuted, LogLevel.Debug))));
        return builder.AddEntityFrameworkStore<ApiKeyPostgreSqlContext>(migrate);
    }

    private static string WithAutoPrepare(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        if (!connectionString.Replace(" ", "", StringComparison.Ordinal).Contains("MaxAutoPrepare", StringComparison.OrdinalIgnoreCase))
        {
            connection.MaxAutoPrepare = AutoPreparedStatements;
        }

        return connection.ConnectionString;
    }
}
