using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>One request that waits for a decision; null where Redis gave none.</summary>
internal sealed class Ask(SharedSubject subject, long cost, RateLimitCharge charge)
    : TaskCompletionSource<RateLimitDecision?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private volatile bool _isAbandoned;

    public SharedSubject Subject => subject;

    public long Cost => cost;

    public RateLimitCharge Charge => charge;

    /// <summary>Whether nobody waits any more; if it was not sent yet, it need not be.</summary>
    public bool IsAbandoned => _isAbandoned;

    public void Abandon() => _isAbandoned = true;

    /// <summary>Whether it goes into one call with another.</summary>
    public bool GoesWith(Ask other) => subject.HasSameWindows(other.Subject);

    /// <summary>Whether it asks for the same as another of the same call.</summary>
    public bool IsLike(Ask other) => cost == other.Cost && charge == other.Charge;
}
