using ApiKeyAuth;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.PostgreSql;
using ApiKeyAuth.PostgreSql.Backplane;
using ApiKeyAuth.PostgreSql.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides extension methods that add the store and the backplane in PostgreSQL.</summary>
public static class ApiKeyPostgreSqlExtensions
{
    private const int AutoPreparedStatements = 40;

    // Separate from the history of an app's own context in the same database.
    private const string HistoryTable = "ApiKeyAuthMigrations";

    /// <summary>Adds a store in a PostgreSQL database.</summary>
    /// <remarks>
    /// Statements are prepared automatically, which makes a lookup more than twice as fast, unless the connection string sets
    /// <c>Max Auto Prepare</c>. Set it to 0 behind a PgBouncer before 1.21 in transaction mode.
    /// The app does not start while tables are missing or outdated, unless <c>MigrateOnStartup()</c> is called.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">
    /// The connection string, such as <c>Host=db;Database=app;Username=app</c>. It must lead to the primary.
    /// </param>
    /// <exception cref="ArgumentException">The connection string is invalid.</exception>
    public static ApiKeyAuthBuilder AddPostgreSql(this ApiKeyAuthBuilder builder, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var prepared = EnableAutoPrepare(connectionString);
        builder.Services.TryAddSingleton<PreparedStatementInterceptor>();
        builder.Services.AddPooledDbContextFactory<ApiKeyPostgreSqlContext>((services, options) => options
            .UseNpgsql(prepared, npgsql => npgsql.MigrationsHistoryTable(HistoryTable))
            .AddInterceptors(services.GetRequiredService<PreparedStatementInterceptor>())
            .ConfigureWarnings(events => events.Log((RelationalEventId.CommandExecuted, LogLevel.Debug))));
        return builder.AddEntityFrameworkStore<ApiKeyPostgreSqlContext>();
    }

    /// <summary>
    /// Adds the backplane by which nodes invalidate changed keys, so that no node admits a request by old rights after a change has
    /// completed.
    /// </summary>
    /// <remarks>
    /// While the database is unavailable, nodes with a backplane answer from their cache for one lease only, because another node might
    /// have changed a key. A single node needs no backplane and answers for longer. It replaces the backplane of <c>AddRedis</c>, and uses
    /// up to four connections. LISTEN needs a session: through a PgBouncer in transaction mode, changes take until the next heartbeat, at
    /// most a third of a lease, instead of milliseconds.
    /// The app does not start while tables or functions are missing, unless <c>MigrateOnStartup()</c> is called.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The connection string. It must lead to the primary.</param>
    /// <exception cref="ArgumentException">The connection string is invalid.</exception>
    /// <exception cref="InvalidOperationException">The method was called before.</exception>
    public static ApiKeyAuthBuilder AddPostgreSqlBackplane(this ApiKeyAuthBuilder builder, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var services = builder.Services;
        if (services.Any(descriptor => descriptor.ServiceType == typeof(BackplaneDatabase)))
        {
            throw new InvalidOperationException("AddPostgreSqlBackplane() was already called; call it once.");
        }

        services.Replace(ServiceDescriptor.Singleton<IApiKeyBackplane, PostgreSqlBackplane>());
        services.AddSingleton(_ => new BackplaneDatabase(connectionString));
        services.AddSingleton<NotificationProbe>();
        return builder.AddSchema<BackplaneSchema>();
    }

    private static string EnableAutoPrepare(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        var compact = connectionString.Replace(" ", "", StringComparison.Ordinal);
        if (!compact.Contains("MaxAutoPrepare", StringComparison.OrdinalIgnoreCase))
        {
            connection.MaxAutoPrepare = AutoPreparedStatements;
        }

        return connection.ConnectionString;
    }
}
