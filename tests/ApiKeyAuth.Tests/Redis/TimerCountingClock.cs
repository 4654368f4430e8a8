using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.Redis;

/// <summary>A fake clock that also tells how many timers were made, so that a test can wait until code waits again.</summary>
internal sealed class TimerCountingClock : FakeTimeProvider
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
