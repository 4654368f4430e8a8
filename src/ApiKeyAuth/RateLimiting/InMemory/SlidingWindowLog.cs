namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>What was charged in one sliding window: runs of arrivals, at most <see cref="MaxRuns"/>, oldest first.</summary>
/// <remarks>
/// <para>A run holds a count and the time of its last arrival, and counts in full until that is a window ago. So usage is
/// never under-counted, whatever the limit, and a permit comes free at most a 62nd of the window late; up to as many
/// permits as runs, nothing is late.</para>
/// <para>Only a charge changes the log. <see cref="Evaluate"/> reads it, also while another thread charges: then it answers
/// nonsense, which the caller must detect and throw away, but it neither fails nor fails to end.</para>
/// <para>The permits are not in here, so a change of them applies at once. Stamps are in the window's units, modulo 2^32.</para>
/// </remarks>
internal struct SlidingWindowLog(int seconds)
{
    public const int MaxRuns = 64;

    private Run[]? _closedRuns;
    private long _last;      // The tick of the last charge. A clock that reads earlier is taken to stand there.
    private uint _used;      // The sum of all runs.
    private uint _start;     // The first and the last arrival and the count of the open run, the youngest.
    private uint _stamp;
    private uint _count;
    private byte _closedRunCount;

    /// <summary>The window's length; 0 in a log that was never made.</summary>
    public int Seconds { get; } = seconds;

    private readonly ReadOnlySpan<Run> ClosedRuns =>
        _closedRuns is { } closed ? closed.AsSpan(0, Math.Min(_closedRunCount, closed.Length)) : default;

    /// <summary>Whether the log is as good as a new one. Later than a window after the last charge, so that no rounding matters.</summary>
    public readonly bool IsExpired(long now) => _used == 0 || now - _last >= Seconds * (TimeSpan.TicksPerSecond / 10 * 11);

    /// <summary>Answers what a cost would be told now, as if it were charged where it is admitted; changes nothing.</summary>
    public readonly RateLimitDecision Evaluate(in LimitWindow window, ClockReading now, long cost)
    {
        var seen = now.ClampToMin(_last);
        var units = window.Floor(seen.Floor);
        var expired = CountExpired(window, seen.Floor, units, out var used);
        var free = window.Limit.Permits - used;
        if (cost > free && cost > 0)
        {
            var retry = cost > window.Limit.Permits ? 0 : GetTicksUntilExpired(FindFreeingStamp(cost - free, expired), window, units, now);
            return new(false, window.Limit, Math.Max(0, free), used > 0 ? GetTicksUntilExpired(_stamp, window, units, now) : 0, retry);
        }

        var youngest = cost > 0 ? (uint)window.Ceiling(seen.Ceiling) : _stamp;
        var reset = cost > 0 || used > 0 ? GetTicksUntilExpired(youngest, window, units, now) : 0;
        return new(true, window.Limit, Math.Max(0, free - cost), reset, 0);
    }

    /// <summary>Charges a cost, above 0, whatever the limit; what cannot be counted any more is counted as the most that can.</summary>
    public void Charge(in LimitWindow window, ClockReading now, long cost)
    {
        var seen = now.ClampToMin(_last);
        DropExpired(window, seen.Floor);
        Append(window, (uint)window.Ceiling(seen.Ceiling), (ulong)cost);
        _last = seen.Floor;
    }

    /// <summary>A log for another window that knows what this one still holds of it.</summary>
    public readonly SlidingWindowLog Resize(in LimitWindow target, ClockReading now)
    {
        var log = new SlidingWindowLog(target.Seconds) { _last = _last };
        if (IsExpired(now.Floor))
        {
            return log;
        }

        var source = LimitWindow.FromSeconds(Seconds);
        var seen = Math.Max(now.Floor, _last);
        foreach (var run in ClosedRuns)
        {
            log.Replay(run, source, target, seen);
        }

        log.Replay(new Run(_stamp, _count), source, target, seen);
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

        // From the start, not from the last arrival: a steady stream must not stretch one run for ever.
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

    /// <summary>Counts the closed runs that lie a window back or more, and what the others add up to.</summary>
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

    /// <summary>The stamp of the run whose passing, with all before it, frees a number of permits.</summary>
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

    // From the moment as it was read: where the clock fell back, the wait is longer by as much.
    private static long GetTicksUntilExpired(uint stamp, in LimitWindow window, long units, ClockReading now) =>
        (units + (window.Units - GetAge(stamp, units))) * window.UnitTicks - now.Floor;

    private readonly record struct Run(uint Stamp, uint Count);
}
