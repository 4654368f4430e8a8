namespace ApiKeyAuth.IntegrationTests.Redis;

internal sealed class GarnetLimiterConformanceTests : LimiterConformanceTests
{
    private readonly GarnetServer _server = new("--lua-transaction-mode");

    protected override Task<string> StartServerAsync() => Task.FromResult(_server.ConnectionString);

    public override async Task EndAsync()
    {
        await base.EndAsync();
        _server.Dispose();
    }
}
