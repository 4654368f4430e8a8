using ApiKeyAuth.Conformance.Limiters;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>The limiter over one server, with a long timeout, so that a busy machine does not affect the decisions.</summary>
internal abstract class LimiterConformanceTests : ApiKeyRateLimiterConformance
{
    private RedisNode? _node;

    protected abstract Task<string> StartServerAsync();

    [OneTimeSetUp]
    public async Task StartAsync() => _node = await RedisNode.StartAsync(await StartServerAsync(), options =>
    {
        options.Timeout = TimeSpan.FromSeconds(5);
        options.Outage = ApiKeyRedisOutage.FailClosed;
    });

    [OneTimeTearDown]
    public virtual async Task EndAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }

    protected override ValueTask<IApiKeyRateLimiter> CreateLimiterAsync() => new(_node!.Limiter);
}
