using ApiKeyAuth.Backplane;
using ApiKeyAuth.Testing.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>The bus over PostgreSQL.</summary>
internal sealed class PostgreSqlBusConformanceTests : ApiKeyBackplaneConformance
{
    private ServiceProvider? _app;

    [TearDown]
    public async Task CloseAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    protected override async ValueTask<IApiKeyBackplane> CreateBackplaneAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddApiKeyAuth().AddPostgreSqlBackplane(await (await PostgreSql.ServerAsync()).CreateDatabaseAsync());
        _app = services.BuildServiceProvider();
        await _app.MigrateApiKeysAsync();
        return _app.GetRequiredService<IApiKeyBackplane>();
    }
}
