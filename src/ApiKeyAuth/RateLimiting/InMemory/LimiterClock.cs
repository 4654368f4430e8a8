namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>Reads a monotonic clock in 100-nanosecond ticks since the instance was created.</summary>
internal sealed class LimiterClock
{
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly long _frequency;
    private readonly long _timestampsPerTick;

    public LimiterClock(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _time = timeProvider;
        _origin = timeProvider.GetTimestamp();
        _frequency = timeProvider.TimestampFrequency;
        _timestampsPerTick = _frequency % TimeSpan.TicksPerSecond == 0 ? _frequency / TimeSpan.TicksPerSecond : 0;
    }

    public ClockReading Now
    {
        get
        {
            var elapsed = Math.Max(0, _time.GetTimestamp() - _origin);
            return _timestampsPerTick switch
            {
                1 => new ClockReading(elapsed, elapsed),
                100 => CreateReading(elapsed / 100),
                0 => CreateReading((long)((Int128)elapsed * TimeSpan.TicksPerSecond / _frequency)),
                _ => CreateReading(elapsed / _timestampsPerTick),
            };
        }
    }

    private static ClockReading CreateReading(long floor) => new(floor, floor + 1);
}
