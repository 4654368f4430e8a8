using ApiKeyAuth.Backplane;
using ApiKeyAuth.Conformance.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Tests the backplane over PostgreSQL.</summary>
internal sealed class PostgreSqlBackplaneConformanceTests : ApiKeyBackplaneConformance
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
