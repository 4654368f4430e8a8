using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Conformance.Limiters;

/// <summary>Defines the tests that every rate limiter must pass. Inherit one fixture for each limiter.</summary>
/// <remarks>The suite works with clocks that cannot be set: it compares the times before and after each call.</remarks>
public abstract partial class ApiKeyRateLimiterConformance
{
    private readonly string _runId = Guid.NewGuid().ToString("N");
    private IApiKeyRateLimiter _limiter = null!;

    /// <summary>Gets the clock of the limiter. The default is the system clock.</summary>
    protected virtual TimeProvider Clock => TimeProvider.System;

    /// <summary>Creates the limiter of a test. It may contain state of other tests, whose keys have different IDs.</summary>
    protected abstract ValueTask<IApiKeyRateLimiter> CreateLimiterAsync();

    /// <summary>Advances the time of the limiter by at least the given time. The default implementation waits.</summary>
    protected virtual async Task AdvanceAsync(TimeSpan time)
    {
        var began = Clock.GetTimestamp();
        while (Clock.GetElapsedTime(began) is var passed && passed < time)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, (time - passed).TotalMilliseconds)));
        }
    }

    /// <summary>Creates the limiter before each test.</summary>
    [SetUp]
    public async Task CreateAsync() => _limiter = await CreateLimiterAsync();

    private RateLimitSubject CreateSubject(string limits, string id = "key", string? tenantLimits = null) => new(
        $"{TestContext.CurrentContext.Test.Name}-{id}-{_runId}",
        limits.Length == 0 ? [] : RateLimit.ParseList(limits),
        tenantLimits is null ? null : $"{TestContext.CurrentContext.Test.Name}-{_runId}",
        tenantLimits is null ? null : RateLimit.ParseList(tenantLimits));

    private async Task<RateLimitDecision> CheckAsync(
        RateLimitSubject subject, long cost = 1, RateLimitCharge charge = RateLimitCharge.IfAdmitted) =>
        await _limiter.CheckAsync(subject, cost, charge, CancellationToken.None);

    private async Task<bool> IsAdmittedAsync(RateLimitSubject subject, long cost = 1) => (await CheckAsync(subject, cost)).IsAdmitted;

    private async Task<TimedDecision> CheckTimedAsync(
        RateLimitSubject subject, long cost = 1, RateLimitCharge charge = RateLimitCharge.IfAdmitted)
    {
        var startedAt = Clock.GetTimestamp();
        var decision = await CheckAsync(subject, cost, charge);
        return new TimedDecision(Clock, startedAt, Clock.GetTimestamp(), cost, decision);
    }

    private static async Task<int> CountAdmittedAsync(int tasks, int checksPerTask, Func<int, int, Task<bool>> isAdmittedAsync)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, tasks).Select(task => Task.Run(async () =>
        {
            var admitted = 0;
            for (var check = 0; check < checksPerTask; check++)
            {
                admitted += await isAdmittedAsync(task, check) ? 1 : 0;
            }

            return admitted;
        })));
        return counts.Sum();
    }
}
