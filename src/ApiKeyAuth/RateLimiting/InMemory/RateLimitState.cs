using System.Runtime.CompilerServices;

namespace ApiKeyAuth.RateLimiting;

/// <summary>The logs of one key or tenant, one for each window, behind a gate.</summary>
/// <remarks>
/// The gate is a counter, odd while someone is inside. So it is a version too: who reads without entering and finds the
/// same even number before and after has read one consistent state. That is how a refusal, which changes nothing, costs
/// no thread the gate.
/// </remarks>
internal sealed class RateLimitState
{
    // The first log is a field because most keys have one window.
    private SlidingWindowLog _first;
    private SlidingWindowLog[]? _others;
    private int _gate;

    /// <summary>Whether the last check was refused here, so that it pays to read before entering.</summary>
    public bool IsRefusing { get; set; }

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
    public bool TryAskOutside(LimitWindow[] windows, Moment now, long cost, out RateLimitDecision decision)
    {
        var version = Volatile.Read(ref _gate);
        var others = _others;
        if ((version & 1) != 0 || !Fits(windows, others))
        {
            decision = default;
            return false;
        }

        decision = Ask(windows, others, now, cost);
        Volatile.ReadBarrier();
        return _gate == version;
    }

    /// <summary>Asks all windows, inside the gate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RateLimitDecision Ask(LimitWindow[] windows, Moment now, long cost)
    {
        if (!Fits(windows, _others))
        {
            Refit(windows, now);
        }

        return Ask(windows, _others, now, cost);
    }

    /// <summary>Charges all windows that were asked, inside the gate.</summary>
    public void Charge(LimitWindow[] windows, Moment now, long cost)
    {
        _first.Charge(windows[0], now, cost);
        for (var i = 1; i < windows.Length; i++)
        {
            _others![i - 1].Charge(windows[i], now, cost);
        }
    }

    /// <summary>Retires the state where nobody can tell it from a new one.</summary>
    public bool TryRetire(Moment now)
    {
        using var scope = Enter(this);
        IsRetired = _first.IsFresh(now.Floor) && (_others is null || Array.TrueForAll(_others, log => log.IsFresh(now.Floor)));
        return IsRetired;
    }

    private bool TryEnter()
    {
        var version = _gate;
        return (version & 1) == 0 && Interlocked.CompareExchange(ref _gate, version + 1, version) == version;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private RateLimitDecision Ask(LimitWindow[] windows, SlidingWindowLog[]? others, Moment now, long cost)
    {
        var decision = _first.Ask(windows[0], now, cost);
        for (var i = 1; i < windows.Length; i++)
        {
            decision = RateLimitDecision.Stricter(decision, others![i - 1].Ask(windows[i], now, cost));
        }

        return decision;
    }

    private bool Fits(LimitWindow[] windows, SlidingWindowLog[]? others)
    {
        if (_first.Seconds != windows[0].Seconds || (others?.Length ?? 0) != windows.Length - 1)
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
    private void Refit(LimitWindow[] windows, Moment now)
    {
        SlidingWindowLog[] old = [_first, .. _others ?? []];
        Array.Sort(old, (left, right) => left.Seconds.CompareTo(right.Seconds));
        var logs = Array.ConvertAll(windows, window => Inherit(old, window, now));
        _first = logs[0];
        _others = logs.Length > 1 ? logs[1..] : null;
    }

    private static SlidingWindowLog Inherit(SlidingWindowLog[] old, in LimitWindow window, Moment now)
    {
        var seconds = window.Seconds;
        var longer = Array.FindIndex(old, log => log.Seconds >= seconds);
        var source = old[longer >= 0 ? longer : ^1];
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
                Volatile.Write(ref state._gate, state._gate + 1);
            }
        }
    }
}
