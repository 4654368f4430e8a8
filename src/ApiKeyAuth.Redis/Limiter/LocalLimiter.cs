using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis.Diagnostics;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>What this node decides alone, from a log of all it let pass, which it keeps also while Redis answers.</summary>
internal sealed class LocalLimiter(ApiKeyRedisOptions options, IApiKeyNodes nodes, TimeProvider time, RedisMetrics metrics)
{
    private readonly InMemoryRateLimiter _log = new(time);
    private readonly int _minNodes = options.ExpectedNodes ?? 1;

    /// <summary>Notes what Redis let pass here.</summary>
    public void Note(SharedSubject subject, long cost)
    {
        if (cost > 0)
        {
            Check(subject, cost, RateLimitCharge.Always);
        }
    }

    /// <summary>Decides without Redis.</summary>
    /// <param name="subject">Who is limited.</param>
    /// <param name="cost">The cost.</param>
    /// <param name="charge">What a refused request is charged.</param>
    /// <param name="now">The time, in ticks, at which Redis is to charge it later.</param>
    public RateLimitDecision Decide(SharedSubject subject, long cost, RateLimitCharge charge, long now)
    {
        metrics.DecidedAlone();
        if (options.Outage == ApiKeyRedisOutage.FailClosed && cost > 0)
        {
            return RateLimitDecision.Unavailable(options.RetryInterval);
        }

        var isOpen = options.Outage == ApiKeyRedisOutage.UnsafeFailOpen;
        var decision = Check(subject, cost, isOpen ? RateLimitCharge.Always : charge);
        if (isOpen)
        {
            decision = decision with { IsAdmitted = true, RetryAfter = null };
        }

        if (cost > 0 && (decision.IsAdmitted || charge == RateLimitCharge.Always))
        {
            subject.Lane.Owe(subject, cost, now);
        }

        return subject.AsWhole(decision, cost, options.RetryInterval);
    }

    private RateLimitDecision Check(SharedSubject subject, long cost, RateLimitCharge charge)
    {
        // It never waits.
        var check = _log.CheckAsync(subject.Share(Math.Max(_minNodes, nodes.Count)), cost, charge, CancellationToken.None);
        return check.IsCompletedSuccessfully ? check.Result : throw new InvalidOperationException("The limiter in memory waited.");
    }
}
