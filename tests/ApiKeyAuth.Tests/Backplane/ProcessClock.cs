namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Represents the clock of a process.</summary>
internal sealed class ProcessClock(SimulatedWorld world, SimulatedProcess process, double speed) : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (long)(world.Now * speed);

    public override DateTimeOffset GetUtcNow() => Epoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ProcessClock clock, Action fire) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                clock.World.After(dueTime / clock.Speed, () => clock.Process.Fire(() =>
                {
                    if (setting == _setting)
                    {
                        fire();
                    }
                }));
            }

            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private SimulatedWorld World => world;

    private SimulatedProcess Process => process;

    private double Speed => speed;
}
