using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>One request that waits for a decision; null where Redis gave none in time.</summary>
/// <param name="subject">Who asks.</param>
/// <param name="cost">The cost.</param>
/// <param name="charge">When it is charged.</param>
/// <param name="since">Since when it waits, in ticks.</param>
internal sealed class Ask(SharedSubject subject, long cost, RateLimitCharge charge, long since)
    : TaskCompletionSource<RateLimitDecision?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public SharedSubject Subject => subject;

    public long Cost => cost;

    public RateLimitCharge Charge => charge;

    public long Since => since;

    /// <summary>Whether it goes into one call with another.</summary>
    public bool GoesWith(Ask other) => subject.HasSameWindows(other.Subject);

    /// <summary>Whether it asks for the same as another of the same call.</summary>
    public bool IsLike(Ask other) => cost == other.Cost && charge == other.Charge;
}
