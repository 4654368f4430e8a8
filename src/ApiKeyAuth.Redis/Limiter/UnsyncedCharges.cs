namespace ApiKeyAuth.Redis.Limiter;

/// <summary>
/// Represents the charges that a node made without Redis and has not synchronized, as a bounded number of runs of cost and time.
/// </summary>
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

    /// <summary>Adds a cost. Costs that are close in time are added to one run.</summary>
    /// <param name="now">The time of the charge, in ticks.</param>
    /// <param name="cost">The cost.</param>
    /// <param name="longestWindow">The longest window, in ticks. Older runs are removed.</param>
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

    /// <summary>Takes all runs, to send them to Redis.</summary>
    public List<Run> TakeAll()
    {
        lock (_lock)
        {
            var taken = _runs;
            _runs = [];
            return taken;
        }
    }

    /// <summary>Restores runs that could not be sent.</summary>
    public void Restore(List<Run> runs)
    {
        lock (_lock)
        {
            _runs.InsertRange(0, runs);
        }
    }

    /// <summary>Represents the cost that was charged between two times, in ticks.</summary>
    internal readonly record struct Run(long Start, long End, long Cost);
}
