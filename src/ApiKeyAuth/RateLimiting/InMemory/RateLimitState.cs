using System.Runtime.CompilerServices;

namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>The logs of one key or tenant, one for each window, behind a gate.</summary>
/// <remarks>
/// The gate is a counter, odd while someone is inside. So it is a version too: who reads without entering and finds the
/// same even number before and after has read one consistent state. That is how a refusal, which changes nothing, costs
/// no thread the gate.
/// </remarks>
internal sealed class RateLimitState
{
    // The first log is a field because most keys have one window.
    private SlidingWindowLog _firstLog;
    private SlidingWindowLog[]? _otherLogs;
    private int _version;

    /// <summary>Whether the last check was refused here, so that it pays to read before entering.</summary>
    public bool IsRejecting { get; set; }

    /// <summary>Whether the table has dropped this state and made room for another. Read inside the gate.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>Enters the gate of a state, if there is one, until the scope is disposed.</summary>
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

    /// <summary>Asks all windows without entering; false where someone changed the state meanwhile.</summary>
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

    /// <summary>Asks all windows, inside the gate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RateLimitDecision Evaluate(LimitWindow[] windows, ClockReading now, long cost)
    {
        if (!HasWindows(windows, _otherLogs))
        {
            Rebuild(windows, now);
        }

        return Evaluate(windows, _otherLogs, now, cost);
    }

    /// <summary>Charges all windows that were asked, inside the gate.</summary>
    public void Charge(LimitWindow[] windows, ClockReading now, long cost)
    {
        _firstLog.Charge(windows[0], now, cost);
        for (var i = 1; i < windows.Length; i++)
        {
            _otherLogs![i - 1].Charge(windows[i], now, cost);
        }
    }

    /// <summary>Retires the state where nobody can tell it from a new one.</summary>
    public bool TryRetire(ClockReading now)
    {
        using var scope = Enter(this);
        IsRetired = _firstLog.IsExpired(now.Floor) && (_otherLogs is null || Array.TrueForAll(_otherLogs, log => log.IsExpired(now.Floor)));
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

    /// <summary>Makes the logs for changed windows from those at hand, so that a change forgives nothing they still hold.</summary>
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

    /// <summary>The time inside the gate.</summary>
    public readonly ref struct Scope(RateLimitState? state)
    {
        /// <summary>Leaves the gate.</summary>
        public void Dispose()
        {
            if (state is not null)
            {
                Volatile.Write(ref state._version, state._version + 1);
            }
        }
    }
}
