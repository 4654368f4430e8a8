using ApiKeyAuth;
using ApiKeyAuth.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the store in PostgreSQL.</summary>
public static class ApiKeyPostgreSqlExtensions
{
    /// <summary>Adds a store in a PostgreSQL database.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The database, such as <c>Host=db;Database=app;Username=app</c>; it must lead to the primary.</param>
    /// <param name="migrate">Whether the tables are made and brought up to date at start; else ones that are not stop the app before it listens.</param>
    public static ApiKeyAuthBuilder AddPostgreSql(this ApiKeyAuthBuilder builder, string connectionString, bool migrate = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        builder.Services.AddPooledDbContextFactory<ApiKeyPostgreSqlContext>(options => options
            .UseNpgsql(connectionString)
            .ConfigureWarnings(events => events.Log((RelationalEventId.CommandExecuted, LogLevel.Debug))));
        return builder.AddEntityFrameworkStore<ApiKeyPostgreSqlContext>(migrate);
    }
}
