using ApiKeyAuth.Conformance.Limiters;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.IntegrationTests.Redis;

internal sealed class InMemoryLimiterConformanceTests : ApiKeyRateLimiterConformance
{
    private readonly FakeTimeProvider _clock = new();

    protected override TimeProvider Clock => _clock;

    protected override ValueTask<IApiKeyRateLimiter> CreateLimiterAsync() => new(new InMemoryRateLimiter(_clock));

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }
}
