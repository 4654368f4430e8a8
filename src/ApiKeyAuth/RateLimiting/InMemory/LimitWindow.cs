using System.Globalization;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>Represents a limit and the length of its window in the time units of its log.</summary>
/// <remarks>
/// A unit is the smallest power of ten of 100-nanosecond ticks in which the window has at most a billion units. So the ages in a log,
/// less than two windows, fit into an <see cref="int"/>, and a window of whole seconds is a whole number of units.
/// </remarks>
internal readonly struct LimitWindow
{
    private const int MaxUnits = 1_000_000_000;

    public LimitWindow(RateLimit limit)
    {
        Limit = limit;
        PermitsText = limit.Permits.ToString(CultureInfo.InvariantCulture);
        Seconds = (int)(limit.Window.Ticks / TimeSpan.TicksPerSecond);
        UnitTicks = 1;
        while (limit.Window.Ticks / UnitTicks > MaxUnits)
        {
            UnitTicks *= 10;
        }

        Units = (int)(limit.Window.Ticks / UnitTicks);

        // If there are no more permits than runs, the log is exact: only charges within one unit share a run.
        MaxRunUnits = limit.Permits <= SlidingWindowLog.MaxRuns ? 1 : Units / (SlidingWindowLog.MaxRuns - 2);
    }

    public RateLimit Limit { get; }

    /// <summary>Gets the permits as the text of a header value.</summary>
    public string PermitsText { get; }

    /// <summary>Gets the length of the window in seconds, by which a log is matched to its limit.</summary>
    public int Seconds { get; }

    /// <summary>Gets the length of a unit in 100-nanosecond ticks, such as 1 for a minute and 100 for an hour.</summary>
    public int UnitTicks { get; }

    /// <summary>Gets the length of the window in units.</summary>
    public int Units { get; }

    /// <summary>Gets how long after its start a run accepts charges, in units.</summary>
    public int MaxRunUnits { get; }

    /// <summary>Converts ticks to units, rounded down.</summary>
    public long Floor(long ticks) => UnitTicks == 1 ? ticks : ticks / UnitTicks;

    /// <summary>Converts ticks to units, rounded up.</summary>
    public long Ceiling(long ticks) => UnitTicks == 1 ? ticks : (ticks + UnitTicks - 1) / UnitTicks;

    /// <summary>Creates a window of a given length with the maximum number of permits.</summary>
    public static LimitWindow FromSeconds(int seconds) => new(new RateLimit(RateLimit.MaxPermits, TimeSpan.FromSeconds(seconds)));
}
