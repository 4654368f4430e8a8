using System.Threading.Tasks.Sources;
using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>One request that waits for a decision.</summary>
/// <param name="subject">Who asks.</param>
/// <param name="cost">The cost.</param>
/// <param name="charge">When it is charged.</param>
/// <param name="since">Since when it waits, in ticks of the time this process has run.</param>
internal sealed class Ask(SharedSubject subject, long cost, RateLimitCharge charge, long since) : IValueTaskSource<RateLimitDecision>
{
    private ManualResetValueTaskSourceCore<RateLimitDecision> _waiter;
    private RateLimitDecision _decision;

    public SharedSubject Subject => subject;

    public long Cost => cost;

    public RateLimitCharge Charge => charge;

    public long Since => since;

    /// <summary>Whether Redis decided.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>The decision, to be awaited once.</summary>
    public ValueTask<RateLimitDecision> Decision => new(this, _waiter.Version);

    /// <summary>Whether it asks for the same as another of the same call.</summary>
    public bool IsLike(Ask other) => cost == other.Cost && charge == other.Charge;

    /// <summary>Keeps what was decided, until who waits is told.</summary>
    public void Decide(RateLimitDecision decision)
    {
        _decision = decision;
        IsDecided = true;
    }

    /// <summary>Tells who waits.</summary>
    /// <param name="onOwnThread">Whether this thread is to go on with other things meanwhile.</param>
    public void Tell(bool onOwnThread)
    {
        _waiter.RunContinuationsAsynchronously = onOwnThread;
        _waiter.SetResult(_decision);
    }

    /// <summary>Tells who waits that it failed.</summary>
    public void Fail(Exception exception)
    {
        _waiter.RunContinuationsAsynchronously = true;
        _waiter.SetException(exception);
    }

    RateLimitDecision IValueTaskSource<RateLimitDecision>.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<RateLimitDecision>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<RateLimitDecision>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _waiter.OnCompleted(continuation, state, token, flags);
}
