using ApiKeyAuth.Conformance.Stores;
using ApiKeyAuth.Sqlite;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores;

internal sealed class SqliteStoreTests : ApiKeyUsageConformance
{
    private SqliteFile _file = null!;
    private StoreHost _host = null!;

    [OneTimeSetUp]
    public async Task CreateAsync()
    {
        _file = new SqliteFile();
        _host = new StoreHost(builder => builder.AddSqlite(_file.ConnectionString));
        await _host.Services.MigrateApiKeysAsync();
    }

    [OneTimeTearDown]
    public async Task DeleteAsync()
    {
        await _host.DisposeAsync();
        _file.Dispose();
    }

    protected override async ValueTask<IWritableApiKeyStore> CreateStoreAsync()
    {
        await ContextTables.EmptyAsync(_host.Services.GetRequiredService<IDbContextFactory<ApiKeySqliteContext>>());
        return _host.Store;
    }
}
