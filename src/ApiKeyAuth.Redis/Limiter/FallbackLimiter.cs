using ApiKeyAuth.Backplane;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;
using ApiKeyAuth.Redis.Diagnostics;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>What this node decides alone, from a log of all it let pass, which it keeps also while Redis answers.</summary>
internal sealed class FallbackLimiter(ApiKeyRedisOptions options, IApiKeyBackplaneMembership membership, TimeProvider time, RedisMetrics metrics)
{
    private readonly InMemoryRateLimiter _limiter = new(time);
    private readonly int _minNodes = options.ExpectedNodes ?? 1;

    /// <summary>Notes what Redis let pass here.</summary>
    public void RecordAdmitted(RedisRateLimitSubject subject, long cost)
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
    public RateLimitDecision Decide(RedisRateLimitSubject subject, long cost, RateLimitCharge charge, long now)
    {
        metrics.FallbackDecided();
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
            subject.KeyState.AddUnsyncedCharge(subject, cost, now);
        }

        return subject.ToFullLimit(decision, cost, options.RetryInterval);
    }

    private RateLimitDecision Check(RedisRateLimitSubject subject, long cost, RateLimitCharge charge)
    {
        // It never waits.
        var check = _limiter.CheckAsync(subject.GetNodeShare(Math.Max(_minNodes, membership.MemberCount)), cost, charge, CancellationToken.None);
        return check.IsCompletedSuccessfully ? check.Result : throw new InvalidOperationException("The limiter in memory waited.");
    }
}
