namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>Represents the table of states by ID. Subjects keep a reference to their state, so that a check takes no table lock.</summary>
internal sealed class RateLimitStateTable(LimiterClock clock)
{
    private const int MinSweepSize = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RateLimitState> _states = new(StringComparer.Ordinal);
    private int _sweepThreshold = MinSweepSize;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _states.Count;
            }
        }
    }

    public RateLimitState GetOrAdd(string id)
    {
        lock (_lock)
        {
            if (_states.TryGetValue(id, out var state))
            {
                return state;
            }

            if (_states.Count >= _sweepThreshold)
            {
                Sweep(clock.Now);
            }

            return _states[id] = new RateLimitState();
        }
    }

    // The threshold doubles, so that a sweep has a constant amortized cost and needs no timer.
    private void Sweep(ClockReading now)
    {
        foreach (var (id, state) in _states)
        {
            if (state.TryRetire(now))
            {
                _states.Remove(id);
            }
        }

        _sweepThreshold = Math.Max(MinSweepSize, 2 * _states.Count);
        _states.TrimExcess(_sweepThreshold);
    }
}
