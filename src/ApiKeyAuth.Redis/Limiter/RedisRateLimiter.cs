using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Limits keys over all nodes: the same bounded log as in memory, kept and decided on by Redis in one round trip.</summary>
/// <remarks>
/// A refusal that stands is repeated without asking; all who wait go in one call; and where Redis does not answer this node
/// decides alone.
/// </remarks>
internal sealed class RedisRateLimiter(
    LimiterClient client, KeyStateTable states, StateNames names, FallbackLimiter fallback) : IApiKeyRateLimiter
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

        var shared = GetRedisSubject(subject);
        var now = client.Now;
        if (charge != RateLimitCharge.Always && shared.KeyState.TryGetCachedRejection(shared, cost, now, out var repeated))
        {
            return new(repeated);
        }

        return client.IsCircuitOpen
            ? new(fallback.Decide(shared, cost, charge, now))
            : SendAsync(new PendingCheck(shared, cost, charge, client.ToRunningTime(now)));
    }

    private RedisRateLimitSubject GetRedisSubject(RateLimitSubject subject)
    {
        if (subject.State is not RedisRateLimitSubject shared)
        {
            shared = new RedisRateLimitSubject(subject, names, states.GetOrAdd);
            subject.State = shared;
        }

        return shared;
    }

    private static ValueTask<RateLimitDecision> SendAsync(PendingCheck check)
    {
        check.Subject.KeyState.Enqueue(check);
        return check.Decision;
    }
}
