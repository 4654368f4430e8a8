namespace ApiKeyAuth.Redis.Limiter;

/// <summary>The one lane of each key. Subjects keep theirs, so the lock is not on the way of a check.</summary>
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
            if (_states.TryGetValue(name, out var lane))
            {
                return lane;
            }

            if (_states.Count >= _sweepThreshold)
            {
                Sweep();
            }

            return _states[name] = new KeyState(client);
        }
    }

    // A subject may still hold a lane that is dropped here: then a key has two for a while, and makes two calls in place of one.
    private void Sweep()
    {
        var now = client.Now;
        foreach (var (name, lane) in _states)
        {
            if (lane.IsIdle(now))
            {
                _states.Remove(name);
            }
        }

        _sweepThreshold = Math.Max(MinSweepSize, 2 * _states.Count);
    }
}
