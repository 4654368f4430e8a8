namespace ApiKeyAuth.IntegrationTests.Redis;

internal sealed class RedisLimiterConformanceTests : LimiterConformanceTests
{
    private RedisServer? _server;

    protected override async Task<string> StartServerAsync() => (_server = await RedisServer.StartAsync()).ConnectionString;

    public override async Task EndAsync()
    {
        await base.EndAsync();
        await _server!.DisposeAsync();
    }
}
