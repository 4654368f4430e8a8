using ApiKeyAuth.Backplane;
using ApiKeyAuth.IntegrationTests.Redis;
using ApiKeyAuth.Testing.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>The bus over a server that speaks Redis' protocol.</summary>
internal abstract class BusOverRedisTests : ApiKeyBackplaneConformance
{
    private readonly List<ServiceProvider> _apps = [];

    protected abstract ValueTask<string> ServerAsync();

    [TearDown]
    public async Task CloseAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }

        _apps.Clear();
    }

    protected override async ValueTask<IApiKeyBackplane> CreateBackplaneAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddApiKeyAuth().AddRedis(await ServerAsync(), options => options.KeyPrefix = $"test-{Guid.NewGuid():N}:");
        _apps.Add(services.BuildServiceProvider());
        return _apps[^1].GetRequiredService<IApiKeyBackplane>();
    }
}

/// <summary>The bus over Redis.</summary>
internal sealed class RedisBusConformanceTests : BusOverRedisTests
{
    private RedisConnectionFactory? _server;

    [OneTimeTearDown]
    public async Task EndAsync() => await (_server?.DisposeAsync() ?? default);

    protected override async ValueTask<string> ServerAsync() => (_server ??= await RedisConnectionFactory.StartAsync()).ConnectionString;
}

/// <summary>The bus over Garnet.</summary>
internal sealed class GarnetBusConformanceTests : BusOverRedisTests
{
    private readonly GarnetServer _server = new("--lua-transaction-mode");

    [OneTimeTearDown]
    public void End() => _server.Dispose();

    protected override ValueTask<string> ServerAsync() => new(_server.ConnectionString);
}
