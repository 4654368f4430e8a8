namespace ApiKeyAuth.Redis.Limiter;

/// <summary>What a node let pass without Redis and Redis is still to hear of: costs and when they were spent, few however long it takes.</summary>
internal sealed class UnsyncedCharges
{
    private const int RunsPerWindow = 64;

    private readonly Lock _lock = new();
    private List<Run> _runs = [];

    public bool HasAny
    {
        get
        {
            lock (_lock)
            {
                return _runs.Count > 0;
            }
        }
    }

    /// <summary>Adds a cost; what is near in time is added up, at the latest time.</summary>
    /// <param name="now">When it was spent, in ticks.</param>
    /// <param name="cost">The cost.</param>
    /// <param name="longestWindow">The longest window, in ticks: what is older is forgotten.</param>
    public void Add(long now, long cost, long longestWindow)
    {
        lock (_lock)
        {
            if (_runs.Count > 0 && now - _runs[^1].Start < longestWindow / RunsPerWindow)
            {
                _runs[^1] = _runs[^1] with { End = Math.Max(now, _runs[^1].End), Cost = _runs[^1].Cost + cost };
                return;
            }

            _runs.RemoveAll(run => now - run.End >= longestWindow);
            _runs.Add(new Run(now, now, cost));
        }
    }

    /// <summary>Takes all, to be told to Redis.</summary>
    public List<Run> TakeAll()
    {
        lock (_lock)
        {
            var taken = _runs;
            _runs = [];
            return taken;
        }
    }

    /// <summary>Puts back what could not be told.</summary>
    public void Restore(List<Run> runs)
    {
        lock (_lock)
        {
            _runs.InsertRange(0, runs);
        }
    }

    /// <summary>Costs spent between two times.</summary>
    internal readonly record struct Run(long Start, long End, long Cost);
}
