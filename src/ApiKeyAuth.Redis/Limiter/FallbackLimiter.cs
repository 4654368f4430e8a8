using ApiKeyAuth.Backplane;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;
using ApiKeyAuth.Redis.Diagnostics;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Decides without Redis, by a log of what this node admitted. The log is also kept while Redis is available.</summary>
internal sealed class FallbackLimiter(
    ApiKeyRedisOptions options, IApiKeyBackplaneMembership membership, TimeProvider time, RedisMetrics metrics)
{
    private readonly InMemoryRateLimiter _limiter = new(time);
    private readonly int _minNodes = options.ExpectedNodes ?? 1;

    /// <summary>Records a cost that Redis admitted on this node.</summary>
    public void RecordAdmitted(RedisRateLimitSubject subject, long cost)
    {
        if (cost > 0)
        {
            Check(subject, cost, RateLimitCharge.Always);
        }
    }

    /// <summary>Decides without Redis.</summary>
    /// <param name="subject">The key or tenant that is limited.</param>
    /// <param name="cost">The cost of the request.</param>
    /// <param name="charge">Whether a rejected request is charged.</param>
    /// <param name="now">The current time, in ticks. Redis charges the cost at this time later.</param>
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
        // The in-memory limiter completes synchronously.
        var share = subject.GetNodeShare(Math.Max(_minNodes, membership.MemberCount));
        var check = _limiter.CheckAsync(share, cost, charge, CancellationToken.None);
        return check.IsCompletedSuccessfully
            ? check.Result
            : throw new InvalidOperationException("The in-memory limiter did not complete synchronously.");
    }
}
