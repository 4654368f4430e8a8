using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.Caching;

/// <summary>A fake clock that tells how many timers wait for it, so that a test moves it only once they do.</summary>
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
