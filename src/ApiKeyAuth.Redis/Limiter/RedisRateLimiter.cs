using System.Runtime.CompilerServices;
using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>
/// Represents a rate limiter that all nodes share. Redis keeps the same bounded log as the in-memory limiter and decides in one round trip.
/// </summary>
/// <remarks>
/// A cached rejection is repeated without a call, concurrent checks are sent in batches, and this node decides by itself while Redis is
/// unavailable.
/// </remarks>
internal sealed class RedisRateLimiter(
    LimiterClient client, KeyStateTable states, StateNames names, FallbackLimiter fallback) : IApiKeyRateLimiter
{
    private readonly ConditionalWeakTable<RateLimitSubject, RedisRateLimitSubject> _subjects = [];

    /// <inheritdoc/>
    /// <remarks>
    /// Completes within <see cref="ApiKeyRedisOptions.Timeout"/>. The cancellation token is not used, because the check may already be
    /// sent.
    /// </remarks>
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

    private RedisRateLimitSubject GetRedisSubject(RateLimitSubject subject) =>
        _subjects.TryGetValue(subject, out var known)
            ? known
            : _subjects.GetOrAdd(subject, new RedisRateLimitSubject(subject, names, states.GetOrAdd));

    private static ValueTask<RateLimitDecision> SendAsync(PendingCheck check)
    {
        check.Subject.KeyState.Enqueue(check);
        return check.Decision;
    }
}
