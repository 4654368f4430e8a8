using ApiKeyAuth.Conformance.Stores;
using ApiKeyAuth.PostgreSql;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Stores;

internal sealed class PostgreSqlStoreTests : ApiKeyUsageConformance
{
    private StoreHost? _host;

    [OneTimeSetUp]
    public async Task CreateAsync()
    {
        var connectionString = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        _host = new StoreHost(builder => builder.AddPostgreSql(connectionString));
        await _host.Services.MigrateApiKeysAsync();
    }

    [OneTimeTearDown]
    public async Task DeleteAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    protected override async ValueTask<IWritableApiKeyStore> CreateStoreAsync()
    {
        await ContextTables.EmptyAsync(_host!.Services.GetRequiredService<IDbContextFactory<ApiKeyPostgreSqlContext>>());
        return _host.Store;
    }
}
