namespace ApiKeyAuth.Redis.Limiter;

/// <summary>The one lane of each key. Subjects keep theirs, so the lock is not on the way of a check.</summary>
internal sealed class LaneTable(LaneCalls calls)
{
    private const int LeastSweep = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private int _sweepAt = LeastSweep;

    public Lane Find(string name)
    {
        lock (_lock)
        {
            if (_lanes.TryGetValue(name, out var lane))
            {
                return lane;
            }

            if (_lanes.Count >= _sweepAt)
            {
                Sweep();
            }

            return _lanes[name] = new Lane(calls);
        }
    }

    // A subject may still hold a lane that is dropped here: then a key has two for a while, and makes two calls in place of one.
    private void Sweep()
    {
        var now = calls.Now;
        foreach (var (name, lane) in _lanes)
        {
            if (lane.IsIdle(now))
            {
                _lanes.Remove(name);
            }
        }

        _sweepAt = Math.Max(LeastSweep, 2 * _lanes.Count);
    }
}
