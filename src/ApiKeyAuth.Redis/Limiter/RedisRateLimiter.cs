using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Limits keys over all nodes: the same bounded log as in memory, kept and decided on by Redis in one round trip.</summary>
/// <remarks>
/// A refusal that stands is repeated without asking; all who wait go in one call; and where Redis does not answer this node
/// decides alone.
/// </remarks>
internal sealed class RedisRateLimiter(
    LaneCalls calls, LaneTable lanes, StateNames names, LocalLimiter local) : IApiKeyRateLimiter
{
    /// <inheritdoc/>
    /// <remarks>Answers within <see cref="ApiKeyRedisOptions.Timeout"/>, also to a caller who gives up: what he asked is on its way.</remarks>
    public ValueTask<RateLimitDecision> CheckAsync(
        RateLimitSubject subject, long cost, RateLimitCharge charge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        if (subject.IsUnlimited)
        {
            return new(RateLimitDecision.Unlimited);
        }

        var shared = Of(subject);
        var now = calls.Now;
        if (charge != RateLimitCharge.Always && shared.Lane.TryRepeat(shared, cost, now, out var repeated))
        {
            return new(repeated);
        }

        return calls.IsOut
            ? new(local.Decide(shared, cost, charge, now))
            : Send(new Ask(shared, cost, charge, calls.RunningAt(now)));
    }

    private SharedSubject Of(RateLimitSubject subject)
    {
        if (subject.State is not SharedSubject shared)
        {
            shared = new SharedSubject(subject, names, lanes.Find);
            subject.State = shared;
        }

        return shared;
    }

    private static ValueTask<RateLimitDecision> Send(Ask ask)
    {
        ask.Subject.Lane.Send(ask);
        return ask.Decision;
    }
}
