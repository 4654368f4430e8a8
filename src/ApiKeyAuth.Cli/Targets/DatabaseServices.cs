using System.Data.Common;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;
using ApiKeyAuth.EntityFrameworkCore.Schema;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiKeyAuth.Cli.Targets;

/// <summary>Creates the services of an app that uses a database, as the app itself would.</summary>
internal static class DatabaseServices
{
    private const string NamePrefix = "name=";

    /// <summary>Creates the services, and checks that the database can be used.</summary>
    /// <param name="console">The console.</param>
    /// <param name="connection">
    /// The connection string, <c>name=</c> and the name of one in the settings, or the path of a SQLite file.
    /// </param>
    /// <param name="redis">The connection string of the Redis backplane, <c>name=</c> and the name of one in the settings, or null.</param>
    /// <param name="settingsPath">The path of the settings, or null.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>The services, and a description of the database without a secret.</returns>
    public static async Task<(ServiceProvider Services, string Description)> CreateAsync(
        ToolConsole console, string connection, string? redis, string? settingsPath, CancellationToken cancellationToken)
    {
        var environment = SettingsFiles.GetEnvironment(console);
        var (configuration, _) = SettingsFiles.Read(console, settingsPath, environment);
        var text = GetConnectionString(configuration, connection);
        var services = AppSettings.CreateServices(configuration, environment).AddSingleton(console.Clock);
        var builder = AppSettings.AddApiKeyAuth(services, configuration);
        var description = IsPostgreSql(text)
            ? await AddPostgreSqlAsync(builder, text, cancellationToken)
            : AddSqlite(builder, console, text);
        if (redis is not null)
        {
            AddRedis(builder, FindNamed(configuration, redis) ?? redis);
        }

        var provider = services.BuildServiceProvider();
        try
        {
            foreach (var schema in provider.GetServices<IApiKeySchema>())
            {
                await schema.CheckAsync(cancellationToken);
            }

            return (provider, description);
        }
        catch (InvalidOperationException exception)
        {
            await provider.DisposeAsync();
            throw new ToolException(exception.Message);
        }
    }

    private static string GetConnectionString(IConfiguration configuration, string connection) =>
        FindNamed(configuration, connection)
        ?? (connection.Contains('=', StringComparison.Ordinal) ? connection : $"Data Source={connection}");

    private static string? FindNamed(IConfiguration configuration, string connection) =>
        connection.StartsWith(NamePrefix, StringComparison.OrdinalIgnoreCase)
            ? configuration.GetConnectionString(connection[NamePrefix.Length..])
                ?? throw new ToolException(
                    $"The settings have no connection string {connection[NamePrefix.Length..]}. Pass --settings, or correct the name.")
            : null;

    private static void AddRedis(ApiKeyAuthBuilder builder, string text)
    {
        try
        {
            builder.AddRedisBackplane(text);
        }
        catch (ArgumentException)
        {
            throw ToolException.Usage(
                "--redis is not valid. Pass a connection string of StackExchange.Redis, a redis:// URL, or name=NAME.");
        }
    }

    private static bool IsPostgreSql(string text)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = text };
            return parts.ContainsKey("Host") || parts.ContainsKey("Server");
        }
        catch (ArgumentException)
        {
            throw NotValid();
        }
    }

    private static string AddSqlite(ApiKeyAuthBuilder builder, ToolConsole console, string text)
    {
        try
        {
            // Otherwise an empty file would be created.
            var connection = new SqliteConnectionStringBuilder(text);
            var path = console.GetPath(connection.DataSource);
            if (!File.Exists(path))
            {
                throw new ToolException(
                    $"The database file {connection.DataSource} does not exist. Start the app once, or correct the path.");
            }

            connection.DataSource = path;
            builder.AddSqlite(connection.ConnectionString);
            return $"SQLite {path}";
        }
        catch (ArgumentException)
        {
            throw NotValid();
        }
    }

    private static async Task<string> AddPostgreSqlAsync(ApiKeyAuthBuilder builder, string text, CancellationToken cancellationToken)
    {
        NpgsqlConnectionStringBuilder connection;
        try
        {
            connection = new NpgsqlConnectionStringBuilder(text);
            builder.AddPostgreSql(text);
        }
        catch (ArgumentException)
        {
            throw NotValid();
        }

        // A change invalidates the caches of the app's nodes if they use this database as their backplane.
        await using var source = NpgsqlDataSource.Create(text);
        await using var command = source.CreateCommand("""SELECT to_regproc('"ApiKeyAuthBackplaneIsAcknowledged"') IS NOT NULL""");
        if (await command.ExecuteScalarAsync(cancellationToken) is true)
        {
            builder.AddPostgreSqlBackplane(text);
        }

        return $"PostgreSQL {connection.Database} on {connection.Host}";
    }

    private static ToolException NotValid() =>
        ToolException.Usage("--connection is not valid. Pass a connection string of SQLite or PostgreSQL, a SQLite file, or name=NAME.");
}
