using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>A refusal that stands for a while, and is repeated without asking.</summary>
/// <remarks>
/// It stands from when it was asked for, and the wait it tells counts from when it came: the moment it was decided lies between
/// the two, so nobody is refused for longer, and nobody is told to come too early.
/// </remarks>
/// <param name="subject">Whom it refused; another limit is another question.</param>
/// <param name="cost">The cost it refused; another has another wait.</param>
/// <param name="decision">The refusal.</param>
/// <param name="sentAt">The time it was asked for, in ticks.</param>
/// <param name="receivedAt">The time it came.</param>
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
