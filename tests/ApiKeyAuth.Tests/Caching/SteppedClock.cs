using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.Caching;

/// <summary>Represents a fake clock that counts its timers, so that a test can wait for them before it advances the time.</summary>
internal sealed class SteppedClock() : FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero))
{
    private int _timers;

    public int Timers => Volatile.Read(ref _timers);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _timers);
        return timer;
    }
}
