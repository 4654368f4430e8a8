using System.Threading.Tasks.Sources;
using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Represents a check that waits for its decision.</summary>
/// <param name="subject">The subject that is checked.</param>
/// <param name="cost">The cost of the request.</param>
/// <param name="charge">Whether a rejected request is charged.</param>
/// <param name="waitingSince">The time at which it began to wait, in ticks of this process's running time.</param>
internal sealed class PendingCheck(
    RedisRateLimitSubject subject, long cost, RateLimitCharge charge, long waitingSince) : IValueTaskSource<RateLimitDecision>
{
    private ManualResetValueTaskSourceCore<RateLimitDecision> _source;
    private RateLimitDecision _decision;

    public RedisRateLimitSubject Subject => subject;

    public long Cost => cost;

    public RateLimitCharge Charge => charge;

    public long WaitingSince => waitingSince;

    /// <summary>Gets a value indicating whether a decision is set.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>Gets the decision, which must be awaited only once.</summary>
    public ValueTask<RateLimitDecision> Decision => new(this, _source.Version);

    /// <summary>Determines whether another check of the same key can be part of the same item.</summary>
    public bool IsEquivalentTo(PendingCheck other) => cost == other.Cost && charge == other.Charge;

    /// <summary>Sets the decision. <see cref="Complete"/> returns it to the caller.</summary>
    public void SetDecision(RateLimitDecision decision)
    {
        _decision = decision;
        IsDecided = true;
    }

    /// <summary>Completes the check with its decision.</summary>
    /// <param name="runContinuationsAsynchronously">Whether the caller continues on another thread.</param>
    public void Complete(bool runContinuationsAsynchronously)
    {
        _source.RunContinuationsAsynchronously = runContinuationsAsynchronously;
        _source.SetResult(_decision);
    }

    /// <summary>Completes the check with an exception.</summary>
    public void Fail(Exception exception)
    {
        _source.RunContinuationsAsynchronously = true;
        _source.SetException(exception);
    }

    RateLimitDecision IValueTaskSource<RateLimitDecision>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<RateLimitDecision>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<RateLimitDecision>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
