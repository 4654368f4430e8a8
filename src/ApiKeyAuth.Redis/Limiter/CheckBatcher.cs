namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Sends pending checks to Redis in batches.</summary>
/// <remarks>
/// A batch is sent when another completes, or when as many checks are pending as are in flight, and takes all pending checks. A single
/// check is sent at once, and many concurrent checks are combined into few large calls.
/// </remarks>
internal sealed class CheckBatcher(LimiterClient client)
{
    // The server does nothing else during a call, which takes a few microseconds per key.
    private const int MaxBatchSize = 128;

    private readonly Lock _lock = new();
    private readonly Queue<PendingCheck> _pending = new();
    private int _inFlight;

    /// <summary>
    /// Sends a check at once or with the next call. It completes within <see cref="ApiKeyRedisOptions.Timeout"/> after it began to wait.
    /// </summary>
    public void Enqueue(PendingCheck check)
    {
        List<PendingCheck>? checks;
        lock (_lock)
        {
            _pending.Enqueue(check);
            checks = _pending.Count >= Math.Min(_inFlight, MaxBatchSize) ? TakeBatch() : null;
        }

        Start(checks);
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
            // Its continuation runs on this thread to avoid waking another one, and after the next batch, because it may take long.
            SendNext(completedCount: 1);
            Complete(only, runContinuationsAsynchronously: false);
            return;
        }

        foreach (var check in checks)
        {
            Complete(check, runContinuationsAsynchronously: true);
        }

        // Callers that were just completed may send another check, which then joins the next batch.
        await Task.Yield();
        SendNext(checks.Count);
    }

    private void SendNext(int completedCount)
    {
        List<PendingCheck>? checks;
        lock (_lock)
        {
            _inFlight -= completedCount;
            checks = _pending.Count > 0 ? TakeBatch() : null;
        }

        Start(checks);
    }

    private List<PendingCheck> TakeBatch()
    {
        var checks = new List<PendingCheck>(Math.Min(_pending.Count, MaxBatchSize));
        while (checks.Count < MaxBatchSize && _pending.TryDequeue(out var next))
        {
            checks.Add(next);
        }

        _inFlight += checks.Count;
        return checks;
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
            // A logger of the host may throw while an outage is logged. The pending checks must complete all the same.
        }
    }

    /// <summary>Completes a check, with the fallback's decision if Redis made none.</summary>
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
                // A listener of the meter may throw. The next checks must complete all the same.
                check.Fail(exception);
                return;
            }
        }

        check.Complete(runContinuationsAsynchronously);
    }
}
