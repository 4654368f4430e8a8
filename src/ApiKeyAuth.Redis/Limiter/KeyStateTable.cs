namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Represents the table of key states. Subjects keep a reference to theirs, so that a check takes no lock.</summary>
internal sealed class KeyStateTable(LimiterClient client)
{
    private const int MinSweepSize = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeyState> _states = new(StringComparer.Ordinal);
    private int _sweepThreshold = MinSweepSize;

    public KeyState GetOrAdd(string name)
    {
        lock (_lock)
        {
            if (_states.TryGetValue(name, out var state))
            {
                return state;
            }

            if (_states.Count >= _sweepThreshold)
            {
                Sweep();
            }

            return _states[name] = new KeyState(client);
        }
    }

    // A subject may still use a state that is removed here. Its key then has two states for a while, which costs an extra call.
    private void Sweep()
    {
        var now = client.Now;
        foreach (var (name, state) in _states)
        {
            if (state.IsIdle(now))
            {
                _states.Remove(name);
            }
        }

        _sweepThreshold = Math.Max(MinSweepSize, 2 * _states.Count);
    }
}
