namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>Represents the charges in one sliding window, as at most <see cref="MaxRuns"/> runs, oldest first.</summary>
/// <remarks>
/// <para>A run consists of a count and the time of its last charge, and counts in full until that time is one window ago. So usage is
/// never underestimated, and a permit is freed at most 1/62 of the window late. If there are no more permits than runs, the log is
/// exact.</para>
/// <para>Only a charge changes the log. If <see cref="Evaluate"/> runs while another thread charges, its result is meaningless and the
/// caller must detect and discard it, but it does not throw or loop without end.</para>
/// <para>The log does not contain the permits, so a change of the limit applies at once. Stamps are in units of the window, modulo
/// 2^32.</para>
/// </remarks>
internal struct SlidingWindowLog(int seconds)
{
    public const int MaxRuns = 64;

    private Run[]? _closedRuns;
    private long _last;      // The tick of the last charge. Earlier clock readings are moved forward to it.
    private uint _used;      // The sum of all runs.
    private uint _start;     // The first charge, last charge and count of the open run, which is the newest.
    private uint _stamp;
    private uint _count;
    private byte _closedRunCount;

    /// <summary>Gets the length of the window in seconds, or 0 in a <c>default</c> log.</summary>
    public int Seconds { get; } = seconds;

    private readonly ReadOnlySpan<Run> ClosedRuns =>
        _closedRuns is { } closed ? closed.AsSpan(0, Math.Min(_closedRunCount, closed.Length)) : default;

    /// <summary>
    /// Determines whether the log is equal to a new one. It waits for 1.1 windows after the last charge, so that rounding does not matter.
    /// </summary>
    public readonly bool IsExpired(long now) => _used == 0 || now - _last >= Seconds * (TimeSpan.TicksPerSecond / 10 * 11);

    /// <summary>Decides about a cost, without charging it. An admitted decision reports the log as if the cost were charged.</summary>
    public readonly RateLimitDecision Evaluate(in LimitWindow window, ClockReading now, long cost)
    {
        var at = now.ClampToMin(_last);
        var units = window.Floor(at.Floor);
        var expired = CountExpired(window, at.Floor, units, out var used);
        var free = window.Limit.Permits - used;
        if (cost > free && cost > 0)
        {
            var retry = cost > window.Limit.Permits ? 0 : GetTicksUntilExpired(FindFreeingStamp(cost - free, expired), window, units, now);
            return new(false, window.Limit, Math.Max(0, free), used > 0 ? GetTicksUntilExpired(_stamp, window, units, now) : 0, retry);
        }

        var newest = cost > 0 ? (uint)window.Ceiling(at.Ceiling) : _stamp;
        var reset = cost > 0 || used > 0 ? GetTicksUntilExpired(newest, window, units, now) : 0;
        return new(true, window.Limit, Math.Max(0, free - cost), reset, 0);
    }

    /// <summary>Charges a cost, above 0, whatever the limit. The usage saturates at <see cref="uint.MaxValue"/>.</summary>
    public void Charge(in LimitWindow window, ClockReading now, long cost)
    {
        var at = now.ClampToMin(_last);
        DropExpired(window, at.Floor);
        Append(window, (uint)window.Ceiling(at.Ceiling), (ulong)cost);
        _last = at.Floor;
    }

    /// <summary>Creates a log for another window, with the charges of this one that are still in that window.</summary>
    public readonly SlidingWindowLog Resize(in LimitWindow target, ClockReading now)
    {
        var log = new SlidingWindowLog(target.Seconds) { _last = _last };
        if (IsExpired(now.Floor))
        {
            return log;
        }

        var source = LimitWindow.FromSeconds(Seconds);
        var at = Math.Max(now.Floor, _last);
        foreach (var run in ClosedRuns)
        {
            log.Replay(run, source, target, at);
        }

        log.Replay(new Run(_stamp, _count), source, target, at);
        return log;
    }

    private void Replay(Run run, in LimitWindow source, in LimitWindow target, long now)
    {
        var units = source.Floor(now);
        var at = target.Ceiling((units - GetAge(run.Stamp, units)) * source.UnitTicks);
        if (target.Floor(now) - at < target.Units)
        {
            Append(target, (uint)at, run.Count);
        }
    }

    private void Append(in LimitWindow window, uint stamp, ulong cost)
    {
        var total = _used + cost;
        if (total > uint.MaxValue)
        {
            (_closedRunCount, _start, _stamp, _count, _used) = (0, stamp, stamp, uint.MaxValue, uint.MaxValue);
            return;
        }

        // Measured from the start of the run, so that a steady stream of requests does not extend it without end.
        if (_count > 0 && (int)(stamp - _start) >= window.MaxRunUnits && _closedRunCount < MaxRuns - 1)
        {
            CloseRun();
        }

        if (_count == 0)
        {
            (_start, _stamp) = (stamp, stamp);
        }
        else if ((int)(stamp - _stamp) > 0)
        {
            _stamp = stamp;
        }

        _count += (uint)cost;
        _used = (uint)total;
    }

    private void CloseRun()
    {
        if (_closedRunCount == (_closedRuns?.Length ?? 0))
        {
            Array.Resize(ref _closedRuns, Math.Clamp(_closedRunCount * 2, 1, MaxRuns - 1));
        }

        _closedRuns![_closedRunCount++] = new Run(_stamp, _count);
        _count = 0;
    }

    private void DropExpired(in LimitWindow window, long now)
    {
        var expired = CountExpired(window, now, window.Floor(now), out _used);
        if (_used == 0)
        {
            (_closedRunCount, _count) = (0, 0);
        }
        else if (expired > 0)
        {
            ClosedRuns[expired..].CopyTo(_closedRuns);
            _closedRunCount -= (byte)expired;
        }
    }

    /// <summary>Counts the closed runs that have expired, and sums up the others.</summary>
    private readonly int CountExpired(in LimitWindow window, long now, long units, out uint used)
    {
        if (IsExpired(now) || GetAge(_stamp, units) >= window.Units)
        {
            used = 0;
            return _closedRunCount;
        }

        var expired = 0;
        used = _used;
        foreach (var run in ClosedRuns)
        {
            if (GetAge(run.Stamp, units) < window.Units)
            {
                break;
            }

            used -= run.Count;
            expired++;
        }

        return expired;
    }

    /// <summary>Finds the stamp of the run whose expiration, with all earlier ones, frees a number of permits.</summary>
    private readonly uint FindFreeingStamp(long needed, int expired)
    {
        var closed = ClosedRuns;
        for (var i = expired; i < closed.Length; i++)
        {
            needed -= closed[i].Count;
            if (needed <= 0)
            {
                return closed[i].Stamp;
            }
        }

        return _stamp;
    }

    private static int GetAge(uint stamp, long units) => (int)((uint)units - stamp);

    // Counted from the actual clock reading: if the clock went back, the wait is longer by that much.
    private static long GetTicksUntilExpired(uint stamp, in LimitWindow window, long units, ClockReading now) =>
        (units + (window.Units - GetAge(stamp, units))) * window.UnitTicks - now.Floor;

    private readonly record struct Run(uint Stamp, uint Count);
}
