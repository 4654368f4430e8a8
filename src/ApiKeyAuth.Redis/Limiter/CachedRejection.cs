using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Represents a rejection that is repeated without a call to Redis until it expires.</summary>
/// <remarks>
/// The server decided between the send time and the receive time. The rejection expires by the send time, so that no caller is rejected
/// for too long. <c>Retry-After</c> counts from the receive time, so that no caller retries too early.
/// </remarks>
/// <param name="subject">The rejected subject. The rejection applies only to the same limits.</param>
/// <param name="cost">The rejected cost. The rejection applies only to the same cost.</param>
/// <param name="decision">The rejection.</param>
/// <param name="sentAt">The time at which the check was sent, in ticks.</param>
/// <param name="receivedAt">The time at which the rejection was received, in ticks.</param>
internal sealed class CachedRejection(RedisRateLimitSubject subject, long cost, RateLimitDecision decision, long sentAt, long receivedAt)
{
    private readonly long _retryAfterTicks = decision.RetryAfter?.Ticks ?? 0;

    public bool IsValid(long now) => now - sentAt < _retryAfterTicks;

    public bool TryRepeat(RedisRateLimitSubject otherSubject, long otherCost, long now, out RateLimitDecision rejection)
    {
        rejection = default;
        if (otherCost != cost || !IsValid(now) || !otherSubject.HasSameLimits(subject))
        {
            return false;
        }

        rejection = decision with
        {
            RetryAfter = new TimeSpan(_retryAfterTicks - (now - receivedAt)),
            ResetAfter = new TimeSpan(Math.Max(1, decision.ResetAfter.Ticks - (now - receivedAt))),
        };
        return true;
    }
}
