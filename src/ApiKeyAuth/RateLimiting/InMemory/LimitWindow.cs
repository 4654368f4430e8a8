using System.Globalization;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>A limit, with its window measured in the units that a log of it counts time in.</summary>
/// <remarks>
/// A unit is a power of ten of 100-nanosecond ticks, the smallest in which the window is at most a billion long: the ages
/// in a log stay below twice that and fit an <see cref="int"/>, and a window of whole seconds is a whole number of units.
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

        // Up to as many permits as runs the log is exact: only what arrives in one unit shares a run.
        MaxRunUnits = limit.Permits <= SlidingWindowLog.MaxRuns ? 1 : Units / (SlidingWindowLog.MaxRuns - 2);
    }

    public RateLimit Limit { get; }

    /// <summary>The permits as a header tells them.</summary>
    public string PermitsText { get; }

    /// <summary>The window's length, by which a log finds its limit.</summary>
    public int Seconds { get; }

    /// <summary>How many 100-nanosecond ticks a unit has: 1 for a minute, 100 for an hour.</summary>
    public int UnitTicks { get; }

    /// <summary>The window's length in units.</summary>
    public int Units { get; }

    /// <summary>How long after its start a run takes more arrivals, in units.</summary>
    public int MaxRunUnits { get; }

    /// <summary>Counts the units that have passed at a tick.</summary>
    public long Floor(long ticks) => UnitTicks == 1 ? ticks : ticks / UnitTicks;

    /// <summary>Counts the units that have begun at a tick.</summary>
    public long Ceiling(long ticks) => UnitTicks == 1 ? ticks : (ticks + UnitTicks - 1) / UnitTicks;

    /// <summary>The window of a length, whatever its permits.</summary>
    public static LimitWindow FromSeconds(int seconds) => new(new RateLimit(RateLimit.MaxPermits, TimeSpan.FromSeconds(seconds)));
}
