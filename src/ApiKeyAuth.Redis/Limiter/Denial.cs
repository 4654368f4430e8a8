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
/// <param name="asked">The time it was asked for, in ticks.</param>
/// <param name="came">The time it came.</param>
internal sealed class Denial(SharedSubject subject, long cost, RateLimitDecision decision, long asked, long came)
{
    private readonly long _wait = decision.RetryAfter?.Ticks ?? 0;

    public bool Stands(long now) => now - asked < _wait;

    public bool TryRepeat(SharedSubject asking, long asks, long now, out RateLimitDecision repeated)
    {
        repeated = default;
        if (asks != cost || !Stands(now) || !asking.HasSameWindows(subject))
        {
            return false;
        }

        repeated = decision with
        {
            RetryAfter = new TimeSpan(_wait - (now - came)),
            ResetAfter = new TimeSpan(Math.Max(1, decision.ResetAfter.Ticks - (now - came))),
        };
        return true;
    }
}
