using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Testing.Limiters;

/// <summary>What the library relies on in a limiter; a limiter inherits it in one fixture, and every test of it must pass.</summary>
/// <remarks>It works with clocks that cannot be set: times are compared by when a call was made and when it was answered.</remarks>
public abstract partial class ApiKeyRateLimiterConformance
{
    private readonly string _runId = Guid.NewGuid().ToString("N");
    private IApiKeyRateLimiter _limiter = null!;

    /// <summary>The clock by which the limiter's windows pass; the machine's, unless a limiter takes another.</summary>
    protected virtual TimeProvider Clock => TimeProvider.System;

    /// <summary>Gives a limiter to the test that calls; it may know keys of other tests, whose ids are others.</summary>
    protected abstract ValueTask<IApiKeyRateLimiter> CreateLimiterAsync();

    /// <summary>Lets time pass for the limiter, no less than is asked; by waiting, unless its clock can be set.</summary>
    protected virtual async Task AdvanceAsync(TimeSpan time)
    {
        var began = Clock.GetTimestamp();
        while (Clock.GetElapsedTime(began) is var passed && passed < time)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, (time - passed).TotalMilliseconds)));
        }
    }

    /// <summary>Makes the limiter of a test.</summary>
    [SetUp]
    public async Task CreateAsync() => _limiter = await CreateLimiterAsync();

    private RateLimitSubject CreateSubject(string limits, string id = "key", string? tenantLimits = null) => new(
        $"{TestContext.CurrentContext.Test.Name}-{id}-{_runId}",
        limits.Length == 0 ? [] : RateLimit.ParseList(limits),
        tenantLimits is null ? null : $"{TestContext.CurrentContext.Test.Name}-{_runId}",
        tenantLimits is null ? null : RateLimit.ParseList(tenantLimits));

    private async Task<RateLimitDecision> CheckAsync(RateLimitSubject subject, long cost = 1, RateLimitCharge charge = RateLimitCharge.IfAdmitted) =>
        await _limiter.CheckAsync(subject, cost, charge, CancellationToken.None);

    private async Task<bool> IsAdmittedAsync(RateLimitSubject subject, long cost = 1) => (await CheckAsync(subject, cost)).IsAdmitted;

    private async Task<TimedDecision> CheckTimedAsync(RateLimitSubject subject, long cost = 1, RateLimitCharge charge = RateLimitCharge.IfAdmitted)
    {
        var asked = Clock.GetTimestamp();
        var decision = await CheckAsync(subject, cost, charge);
        return new TimedDecision(Clock, asked, Clock.GetTimestamp(), cost, decision);
    }

    private static async Task<int> CountAdmittedAsync(int tasks, int checksPerTask, Func<int, int, Task<bool>> isAdmittedAsync)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, tasks).Select(task => Task.Run(async () =>
        {
            var admitted = 0;
            for (var ask = 0; ask < checksPerTask; ask++)
            {
                admitted += await isAdmittedAsync(task, ask) ? 1 : 0;
            }

            return admitted;
        })));
        return counts.Sum();
    }
}
