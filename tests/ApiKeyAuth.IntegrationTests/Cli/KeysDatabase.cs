using ApiKeyAuth.Authorization;
using ApiKeyAuth.IntegrationTests.Stores;
using ApiKeyAuth.Management;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Represents the database of an app, which the tool uses while the app does not run.</summary>
internal sealed class KeysDatabase : IAsyncDisposable
{
    private readonly SqliteFile? _file;
    private readonly StoreHost _host;

    private KeysDatabase(SqliteFile? file, string connectionString, Action<ApiKeyAuthBuilder> addStore)
    {
        _file = file;
        _host = new StoreHost(addStore);
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    public IServiceProvider Services => _host.Services;

    public static async Task<KeysDatabase> CreateSqliteAsync()
    {
        var file = new SqliteFile();
        var database = new KeysDatabase(file, file.ConnectionString, builder => builder.AddSqlite(file.ConnectionString));
        await database.Services.MigrateApiKeysAsync();
        return database;
    }

    public static async Task<KeysDatabase> CreatePostgreSqlAsync()
    {
        var connection = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        var database = new KeysDatabase(
            null, connection, builder => builder.AddPostgreSql(connection).AddPostgreSqlBackplane(connection));
        await database.Services.MigrateApiKeysAsync();
        return database;
    }

    /// <summary>Creates a key as the app does.</summary>
    public async Task<IssuedApiKey> IssueAsync(NewApiKey key)
    {
        await using var scope = Services.CreateAsyncScope();
        var issued = await scope.ServiceProvider.GetRequiredService<ApiKeyManager>().CreateAsync(ApiKeyCaller.System, key);
        Assert.That(issued.Succeeded, issued.Error?.Message);
        return issued.Value!;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _file?.Dispose();
    }
}
