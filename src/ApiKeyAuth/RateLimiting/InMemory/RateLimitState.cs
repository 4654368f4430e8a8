using System.Runtime.CompilerServices;

namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>Represents the logs of one key or tenant, one per window, protected by a sequence lock.</summary>
/// <remarks>
/// The lock is a version number that is odd while a thread holds it. A thread that reads the same even version before and after reading
/// the logs has read a consistent state, so a rejection, which changes nothing, needs no lock.
/// </remarks>
internal sealed class RateLimitState
{
    // The first log is a field because most keys have one window.
    private SlidingWindowLog _firstLog;
    private SlidingWindowLog[]? _otherLogs;
    private int _version;

    /// <summary>Gets or sets a value indicating whether the last check was rejected, so that the next one tries without the lock.</summary>
    public bool IsRejecting { get; set; }

    /// <summary>Gets a value indicating whether the table has removed this state. Read it inside the lock.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>Locks a state, if there is one, until the scope is disposed.</summary>
    public static Scope Enter(RateLimitState? state)
    {
        if (state is not null && !state.TryEnter())
        {
            var wait = new SpinWait();
            do
            {
                wait.SpinOnce();
            }
            while (!state.TryEnter());
        }

        return new Scope(state);
    }

    /// <summary>
    /// Evaluates all windows without the lock. Returns <see langword="false"/> if the state was changed concurrently.
    /// </summary>
    public bool TryEvaluateLockFree(LimitWindow[] windows, ClockReading now, long cost, out RateLimitDecision decision)
    {
        var version = Volatile.Read(ref _version);
        var others = _otherLogs;
        if ((version & 1) != 0 || !HasWindows(windows, others))
        {
            decision = default;
            return false;
        }

        decision = Evaluate(windows, others, now, cost);
        Volatile.ReadBarrier();
        return _version == version;
    }

    /// <summary>Evaluates all windows, inside the lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RateLimitDecision Evaluate(LimitWindow[] windows, ClockReading now, long cost)
    {
        if (!HasWindows(windows, _otherLogs))
        {
            Rebuild(windows, now);
        }

        return Evaluate(windows, _otherLogs, now, cost);
    }

    /// <summary>Charges all windows, inside the lock.</summary>
    public void Charge(LimitWindow[] windows, ClockReading now, long cost)
    {
        _firstLog.Charge(windows[0], now, cost);
        for (var i = 1; i < windows.Length; i++)
        {
            _otherLogs![i - 1].Charge(windows[i], now, cost);
        }
    }

    /// <summary>Retires the state if it is equal to a new one.</summary>
    public bool TryRetire(ClockReading now)
    {
        using var scope = Enter(this);
        IsRetired = _firstLog.IsExpired(now.Floor)
            && (_otherLogs is null || Array.TrueForAll(_otherLogs, log => log.IsExpired(now.Floor)));
        return IsRetired;
    }

    private bool TryEnter()
    {
        var version = _version;
        return (version & 1) == 0 && Interlocked.CompareExchange(ref _version, version + 1, version) == version;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private RateLimitDecision Evaluate(LimitWindow[] windows, SlidingWindowLog[]? others, ClockReading now, long cost)
    {
        var decision = _firstLog.Evaluate(windows[0], now, cost);
        for (var i = 1; i < windows.Length; i++)
        {
            decision = RateLimitDecision.Combine(decision, others![i - 1].Evaluate(windows[i], now, cost));
        }

        return decision;
    }

    private bool HasWindows(LimitWindow[] windows, SlidingWindowLog[]? others)
    {
        if (_firstLog.Seconds != windows[0].Seconds || (others?.Length ?? 0) != windows.Length - 1)
        {
            return false;
        }

        for (var i = 1; i < windows.Length; i++)
        {
            if (others![i - 1].Seconds != windows[i].Seconds)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Creates the logs of changed windows from the current logs, so that a change of limits does not reset the usage.</summary>
    private void Rebuild(LimitWindow[] windows, ClockReading now)
    {
        SlidingWindowLog[] old = [_firstLog, .. _otherLogs ?? []];
        Array.Sort(old, (left, right) => left.Seconds.CompareTo(right.Seconds));
        var logs = Array.ConvertAll(windows, window => CreateLog(old, window, now));
        _firstLog = logs[0];
        _otherLogs = logs.Length > 1 ? logs[1..] : null;
    }

    private static SlidingWindowLog CreateLog(SlidingWindowLog[] logs, in LimitWindow window, ClockReading now)
    {
        var seconds = window.Seconds;
        var longer = Array.FindIndex(logs, log => log.Seconds >= seconds);
        var source = logs[longer >= 0 ? longer : ^1];
        return source.Seconds == seconds ? source : source.Resize(window, now);
    }

    /// <summary>Represents the scope in which the lock is held.</summary>
    public readonly ref struct Scope(RateLimitState? state)
    {
        /// <summary>Releases the lock.</summary>
        public void Dispose()
        {
            if (state is not null)
            {
                Volatile.Write(ref state._version, state._version + 1);
            }
        }
    }
}
