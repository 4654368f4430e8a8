using ApiKeyAuth.Backplane;
using ApiKeyAuth.Conformance.Nodes;
using ApiKeyAuth.IntegrationTests.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Tests the backplane over a server that speaks the Redis protocol.</summary>
internal abstract class RedisProtocolBackplaneConformance : ApiKeyBackplaneConformance
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

        // The suite is not about time, so a call may take long on a busy machine.
        var server = $"{await ServerAsync()},asyncTimeout={Eventually.Deadline.TotalMilliseconds}";
        services.AddLogging().AddApiKeyAuth().AddRedis(server, options => options.KeyPrefix = $"test-{Guid.NewGuid():N}:");
        _apps.Add(services.BuildServiceProvider());
        return _apps[^1].GetRequiredService<IApiKeyBackplane>();
    }
}

/// <summary>Tests the backplane over Redis.</summary>
internal sealed class RedisBackplaneConformanceTests : RedisProtocolBackplaneConformance
{
    private RedisServer? _server;

    [OneTimeTearDown]
    public async Task EndAsync() => await (_server?.DisposeAsync() ?? default);

    protected override async ValueTask<string> ServerAsync() => (_server ??= await RedisServer.StartAsync()).ConnectionString;
}

/// <summary>Tests the backplane over Garnet.</summary>
internal sealed class GarnetBackplaneConformanceTests : RedisProtocolBackplaneConformance
{
    private readonly GarnetServer _server = new("--lua-transaction-mode");

    [OneTimeTearDown]
    public void End() => _server.Dispose();

    protected override ValueTask<string> ServerAsync() => new(_server.ConnectionString);
}
