using System.Threading.Tasks.Sources;
using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>One request that waits for a decision.</summary>
/// <param name="subject">Who asks.</param>
/// <param name="cost">The cost.</param>
/// <param name="charge">When it is charged.</param>
/// <param name="waitingSince">Since when it waits, in ticks of the time this process has run.</param>
internal sealed class PendingCheck(RedisRateLimitSubject subject, long cost, RateLimitCharge charge, long waitingSince) : IValueTaskSource<RateLimitDecision>
{
    private ManualResetValueTaskSourceCore<RateLimitDecision> _source;
    private RateLimitDecision _decision;

    public RedisRateLimitSubject Subject => subject;

    public long Cost => cost;

    public RateLimitCharge Charge => charge;

    public long WaitingSince => waitingSince;

    /// <summary>Whether Redis decided.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>The decision, to be awaited once.</summary>
    public ValueTask<RateLimitDecision> Decision => new(this, _source.Version);

    /// <summary>Whether it asks for the same as another of the same call.</summary>
    public bool IsEquivalentTo(PendingCheck other) => cost == other.Cost && charge == other.Charge;

    /// <summary>Keeps what was decided, until who waits is told.</summary>
    public void SetDecision(RateLimitDecision decision)
    {
        _decision = decision;
        IsDecided = true;
    }

    /// <summary>Tells who waits.</summary>
    /// <param name="runContinuationsAsynchronously">Whether this thread is to go on with other things meanwhile.</param>
    public void Complete(bool runContinuationsAsynchronously)
    {
        _source.RunContinuationsAsynchronously = runContinuationsAsynchronously;
        _source.SetResult(_decision);
    }

    /// <summary>Tells who waits that it failed.</summary>
    public void Fail(Exception exception)
    {
        _source.RunContinuationsAsynchronously = true;
        _source.SetException(exception);
    }

    RateLimitDecision IValueTaskSource<RateLimitDecision>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<RateLimitDecision>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<RateLimitDecision>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _source.OnCompleted(continuation, state, token, flags);
}
