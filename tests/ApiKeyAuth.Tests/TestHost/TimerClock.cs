using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.TestHost;

/// <summary>
/// Represents a clock that only tests advance, and that records when its timers are due, so that a test can wait for one before it advances
/// the time.
/// </summary>
internal sealed class TimerClock() : FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero))
{
    public ConcurrentQueue<TimeSpan> Due { get; } = new();

    /// <summary>Gets the number of timers that were created.</summary>
    public int Timers => Due.Count;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Due.Enqueue(dueTime);
        return timer;
    }
}
