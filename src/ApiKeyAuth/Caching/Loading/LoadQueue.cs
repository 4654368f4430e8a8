namespace ApiKeyAuth.Caching.Loading;

/// <summary>
/// Limits the number of concurrent store calls. Waiting lookups have no store timeout, and are sent together if the stores support it.
/// </summary>
/// <remarks>
/// Without a limit, a connection is opened for each key in the first second after a start, which takes longer than the store timeout. A
/// waiting lookup fails in two cases: the stores have not answered since it was queued and a call that started later timed out, or it has
/// waited for ten store timeouts.
/// </remarks>
internal sealed class LoadQueue(ApiKeyCacheOptions options, TimeProvider clock)
{
    /// <summary>The maximum number of concurrent calls if every store supports batches.</summary>
    public const int MaxBatchCalls = 8;

    /// <summary>The maximum number of concurrent calls if a store does not support batches.</summary>
    public const int MaxSingleCalls = 64;

    /// <summary>The maximum number of lookups in one call.</summary>
    public const int MaxBatchSize = 256;

    private const int MaxTimeouts = 10;

    private readonly Lock _gate = new();
    private readonly Queue<PendingLoad> _waiting = new();
    private int _maxCalls = MaxBatchCalls;
    private int _calls;
    private long _lastAnsweredAt = long.MinValue;

    /// <summary>Gets the number of waiting lookups.</summary>
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
    /// <returns>
    /// The batch to run, if a call is available. The caller then runs batches until <see cref="CompleteCall"/> returns null.
    /// </returns>
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

    /// <summary>Completes a call and starts the next one if a lookup is waiting.</summary>
    /// <param name="expired">The lookups that have waited too long. The caller must fail them.</param>
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

    /// <summary>Adds waiting lookups to a batch and closes it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="supportsBatches">Whether every store supports batches.</param>
    /// <returns>Further batches that the caller must run.</returns>
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

    /// <summary>Records that the stores answered.</summary>
    public void RecordAnswer()
    {
        lock (_gate)
        {
            _lastAnsweredAt = clock.GetTimestamp();
        }
    }

    /// <summary>Closes a failed batch, so that no lookups are added if the stores are resolved later.</summary>
    public void Close(LoadBatch batch)
    {
        lock (_gate)
        {
            batch.IsClosed = true;
        }
    }

    /// <summary>
    /// Removes the lookups that were queued before a timed-out batch started, unless the stores have answered since they were queued.
    /// </summary>
    /// <returns>The lookups. The caller must fail them.</returns>
    public List<PendingLoad> TakeTimedOut(LoadBatch batch)
    {
        var stuck = new List<PendingLoad>();
        lock (_gate)
        {
            batch.IsClosed = true;

            // The queue is ordered by time, so the first newer lookup ends the search.
            while (_waiting.TryPeek(out var load) && load.QueuedAt <= batch.StartedAt && load.QueuedAt > _lastAnsweredAt)
            {
                stuck.Add(_waiting.Dequeue());
            }
        }

        return stuck;
    }
}
