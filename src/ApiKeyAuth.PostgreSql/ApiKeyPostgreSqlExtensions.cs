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
        var prepared = EnableAutoPrepare(connectionString);
        builder.Services.TryAddSingleton<PreparedStatementInterceptor>();
        builder.Services.AddPooledDbContextFactory<ApiKeyPostgreSqlContext>((services, options) => options
            .UseNpgsql(prepared, npgsql => npgsql.MigrationsHistoryTable(HistoryTable))
            .AddInterceptors(services.GetRequiredService<PreparedStatementInterceptor>())
            .ConfigureWarnings(events => events.Log((RelationalEventId.CommandExecuted, LogLevel.Debug))));
        return builder.AddEntityFrameworkStore<ApiKeyPostgreSqlContext>(migrate);
    }

    /// <summary>Adds the bus by which several nodes tell each other of changed keys, so that none admits a request by old rights once a change is answered.</summary>
    /// <remarks>
    /// While the database is away, nodes with a bus answer from what they remember for one lease, as another node might have changed it; a single node
    /// needs no bus and answers for longer. It takes the place of the bus that <c>AddRedis</c> brings, and up to four connections of its own. LISTEN
    /// needs a session: through a PgBouncer that pools transactions, changes wait for the next beat, a third of a lease at most, in place of milliseconds.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The database; it must lead to the primary.</param>
    /// <param name="migrate">Whether its tables and functions are made at start; else ones that are missing stop the app before it listens.</param>
    /// <exception cref="InvalidOperationException">It was added before.</exception>
    public static ApiKeyAuthBuilder AddPostgreSqlBackplane(this ApiKeyAuthBuilder builder, string connectionString, bool migrate = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var services = builder.Services;
        if (services.Any(descriptor => descriptor.ServiceType == typeof(BackplaneDatabase)))
        {
            throw new InvalidOperationException("AddPostgreSqlBackplane() was called before; call it once.");
        }

        services.Replace(ServiceDescriptor.Singleton<IApiKeyBackplane, PostgreSqlBackplane>());
        services.AddSingleton(_ => new BackplaneDatabase(connectionString));
        services.AddSingleton<NotificationProbe>();
        return builder.AddSchema<BackplaneSchema>(migrate);
    }

    private static string EnableAutoPrepare(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        if (!connectionString.Replace(" ", "", StringComparison.Ordinal).Contains("MaxAutoPrepare", StringComparison.OrdinalIgnoreCase))
        {
            connection.MaxAutoPrepare = AutoPreparedStatements;
        }

        return connection.ConnectionString;
    }
}
