namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Who waits for Redis. A call goes out when another comes back, or once as many wait as are on their way, and takes all who wait.</summary>
/// <remarks>So one who finds nobody before him goes at once, and many are gathered into calls that are few and large.</remarks>
internal sealed class CheckBatcher(LimiterClient client)
{
    // The server does nothing else during a call, a few microseconds for each key.
    private const int MaxBatchSize = 128;

    private readonly Lock _lock = new();
    private readonly Queue<PendingCheck> _pending = new();
    private int _inFlight;

    /// <summary>Sends an ask, at once or with the next call; it is answered no later than <see cref="ApiKeyRedisOptions.Timeout"/> after it began to wait.</summary>
    public void Enqueue(PendingCheck check)
    {
        List<PendingCheck>? asks;
        lock (_lock)
        {
            _pending.Enqueue(check);
            asks = _pending.Count >= Math.Min(_inFlight, MaxBatchSize) ? TakeBatch() : null;
        }

        Start(asks);
    }

    private void Start(List<PendingCheck>? checks)
    {
        if (checks is not null)
        {
            _ = RunAsync(checks);
        }
    }

    private async Task RunAsync(List<PendingCheck> checks)
    {
        await ExecuteAsync(checks);
        if (checks is [var only])
        {
            // He goes on on this thread, so that no other need be woken: after those who came meanwhile, because it may take long.
            SendNext(completedCount: 1);
            Complete(only, runContinuationsAsynchronously: false);
            return;
        }

        foreach (var ask in checks)
        {
            Complete(ask, runContinuationsAsynchronously: true);
        }

        // Those who were just told may ask again, and go with the next call then.
        await Task.Yield();
        SendNext(checks.Count);
    }

    private void SendNext(int completedCount)
    {
        List<PendingCheck>? asks;
        lock (_lock)
        {
            _inFlight -= completedCount;
            asks = _pending.Count > 0 ? TakeBatch() : null;
        }

        Start(asks);
    }

    private List<PendingCheck> TakeBatch()
    {
        var asks = new List<PendingCheck>(Math.Min(_pending.Count, MaxBatchSize));
        while (asks.Count < MaxBatchSize && _pending.TryDequeue(out var next))
        {
            asks.Add(next);
        }

        _inFlight += asks.Count;
        return asks;
    }

    private async Task ExecuteAsync(List<PendingCheck> checks)
    {
        try
        {
            if (!client.IsCircuitOpen)
            {
                await client.RunAsync(client.CreateBatch(checks));
            }
        }
        catch (Exception)
        {
            // A host's log may throw while an outage is told there. Nobody must wait for ever because of it.
        }
    }

    /// <summary>Tells one what was decided, by this node where Redis decided nothing.</summary>
    private void Complete(PendingCheck check, bool runContinuationsAsynchronously)
    {
        if (!check.IsDecided)
        {
            try
            {
                check.SetDecision(client.CheckWithFallback(check));
            }
            catch (Exception exception)
            {
                // Whoever listens to the meter may throw, and the next in line must be told all the same.
                check.Fail(exception);
                return;
            }
        }

        check.Complete(runContinuationsAsynchronously);
    }
}
