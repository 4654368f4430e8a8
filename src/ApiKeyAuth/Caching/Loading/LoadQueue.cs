namespace ApiKeyAuth.Caching.Loading;

/// <summary>
/// Bounds the number of store calls in flight. What waits for its turn is not timed, and is sent together if the stores can.
/// </summary>
/// <remarks>
/// Without a bound, the first second after a start opens a connection for each key, which takes longer than the store time-out. A lookup
/// that waits is given up in two cases: the stores answered nothing since it was queued, and a call that started after that timed out; or
/// it has waited for ten store time-outs.
/// </remarks>
internal sealed class LoadQueue(ApiKeyCacheOptions options, TimeProvider clock)
{
    /// <summary>The number of calls at once while every store takes many lookups in one call.</summary>
    public const int MaxBatchCalls = 8;

    /// <summary>The number of calls at once if a store takes one lookup at a time.</summary>
    public const int MaxSingleCalls = 64;

    /// <summary>The number of lookups in one call.</summary>
    public const int MaxBatchSize = 256;

    private const int MaxTimeouts = 10;

    private readonly Lock _gate = new();
    private readonly Queue<PendingLoad> _waiting = new();
    private int _maxCalls = MaxBatchCalls;
    private int _calls;
    private long _lastAnsweredAt = long.MinValue;

    /// <summary>Gets the number of lookups that wait.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Queues a lookup.</summary>
    /// <returns>The batch to run if a call is free; the caller then runs batches until <see cref="CompleteCall"/> returns null.</returns>
    public LoadBatch? Add(PendingLoad load)
    {
        lock (_gate)
        {
            if (_calls < _maxCalls)
            {
                _calls++;
                return new LoadBatch(load, clock.GetTimestamp());
            }

            _waiting.Enqueue(load);
            return null;
        }
    }

    /// <summary>Ends a call, and begins the next one if a lookup waits.</summary>
    /// <param name="expired">The lookups that have waited too long, which the caller fails.</param>
    public LoadBatch? CompleteCall(out List<PendingLoad> expired)
    {
        expired = [];
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            while (_calls <= _maxCalls && _waiting.TryDequeue(out var load))
            {
                if (clock.GetElapsedTime(load.QueuedAt, now) < options.StoreTimeout * MaxTimeouts)
                {
                    return new LoadBatch(load, now);
                }

                expired.Add(load);
            }

            _calls--;
            return null;
        }
    }

    /// <summary>Fills a batch with what waits and closes it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="supportsBatches">Whether every store takes many lookups in one call.</param>
    /// <returns>The batches that the caller must run besides.</returns>
    public List<LoadBatch> Fill(LoadBatch batch, bool supportsBatches)
    {
        var added = new List<LoadBatch>();
        lock (_gate)
        {
            _maxCalls = supportsBatches ? MaxBatchCalls : MaxSingleCalls;
            while (supportsBatches && !batch.IsClosed && batch.Loads.Count < MaxBatchSize && _waiting.TryDequeue(out var load))
            {
                batch.Loads.Add(load);
            }

            batch.IsClosed = true;
            while (_calls < _maxCalls && _waiting.TryDequeue(out var load))
            {
                _calls++;
                added.Add(new LoadBatch(load, clock.GetTimestamp()));
            }
        }

        return added;
    }

    /// <summary>Notes that the stores answered.</summary>
    public void RecordAnswer()
    {
        lock (_gate)
        {
            _lastAnsweredAt = clock.GetTimestamp();
        }
    }

    /// <summary>Closes a batch that failed: it takes no more lookups, however late the stores are resolved.</summary>
    public void Close(LoadBatch batch)
    {
        lock (_gate)
        {
            batch.IsClosed = true;
        }
    }

    /// <summary>
    /// Takes the lookups that were waiting before a batch that timed out began, if nothing was answered since they were queued.
    /// </summary>
    /// <returns>The lookups, which the caller fails.</returns>
    public List<PendingLoad> TakeTimedOut(LoadBatch batch)
    {
        var stuck = new List<PendingLoad>();
        lock (_gate)
        {
            batch.IsClosed = true;

            // In the order of their queuing: the first that is newer ends the search.
            while (_waiting.TryPeek(out var load) && load.QueuedAt <= batch.StartedAt && load.QueuedAt > _lastAnsweredAt)
            {
                stuck.Add(_waiting.Dequeue());
            }
        }

        return stuck;
    }
}
