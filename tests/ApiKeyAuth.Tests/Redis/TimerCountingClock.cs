using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.Redis;

/// <summary>Represents a fake clock that counts created timers, so that a test can wait until the code waits again.</summary>
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
