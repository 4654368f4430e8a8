namespace ApiKeyAuth.RateLimiting;

/// <summary>Reads a monotonic clock in 100-nanosecond ticks since it was made.</summary>
internal sealed class LimiterClock
{
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly long _frequency;
    private readonly long _perTick;

    public LimiterClock(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _origin = time.GetTimestamp();
        _frequency = time.TimestampFrequency;
        _perTick = _frequency % TimeSpan.TicksPerSecond == 0 ? _frequency / TimeSpan.TicksPerSecond : 0;
    }

    public Moment Now
    {
        get
        {
            var elapsed = Math.Max(0, _time.GetTimestamp() - _origin);
            return _perTick switch
            {
                1 => new Moment(elapsed, elapsed),
                100 => Between(elapsed / 100),
                0 => Between((long)((Int128)elapsed * TimeSpan.TicksPerSecond / _frequency)),
                _ => Between(elapsed / _perTick),
            };
        }
    }

    private static Moment Between(long floor) => new(floor, floor + 1);
}
