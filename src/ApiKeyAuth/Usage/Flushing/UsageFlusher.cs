using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage.Counting;
using ApiKeyAuth.Usage.Countries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage.Flushing;

/// <summary>
/// Writes the counted usage to the store in batches. A batch that fails is kept unchanged and sent again with the same ID. A batch that the
/// store rejects is divided until the rejected row is alone, which is dropped.
/// </summary>
internal sealed class UsageFlusher(
    UsageCounter counter,
    CountryResolver countryResolver,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ApiKeyMetrics metrics,
    ILogger<UsageFlusher> logger) : IDisposable
{
    private const int MaxKeys = 250;
    private const int MaxRows = 1_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _semaphore = new(1);
    private readonly Stack<PendingUsage> _pending = new();
    private long _rejectedRows;
    private string _rejection = "";

    /// <summary>Occurs when a batch is stored.</summary>
    public event Action<ApiKeyUsageBatch>? Stored;

    /// <summary>Flushes all usage, until a batch fails.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            await WriteAllAsync(cancellationToken);
        }
        finally
        {
            _semaphore.Release();
            ReportMetrics();
        }
    }

    public void Dispose() => _semaphore.Dispose();

    private async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        if (!await TryWriteAsync(cancellationToken))
        {
            return;
        }

        var (uses, marks, keys) = (new List<UsageSnapshot>(), new List<ApiKeyScopeLastUse>(), 0);
        foreach (var key in counter.KeyUsages)
        {
            if (key.TakeSnapshots(uses, marks))
            {
                counter.Remove(key);
            }

            if (++keys < MaxKeys && uses.Count + marks.Count < MaxRows)
            {
                continue;
            }

            CreateBatch(uses, marks);
            if (!await TryWriteAsync(cancellationToken))
            {
                return;
            }

            (uses, marks, keys) = ([], [], 0);
        }

        CreateBatch(uses, marks);
        await TryWriteAsync(cancellationToken);
    }

    private void CreateBatch(List<UsageSnapshot> snapshots, List<ApiKeyScopeLastUse> scopeLastUses)
    {
        if (snapshots.Count + scopeLastUses.Count > 0)
        {
            var now = clock.GetUtcNow();
            var named = countryResolver.Resolve(snapshots);
            counter.Budget.Release(snapshots.Count - named.Count);
            var batch = new ApiKeyUsageBatch
            {
                Id = Guid.CreateVersion7(now),
                CreatedAt = now,
                Records = named,
                Scopes = scopeLastUses,
            };
            _pending.Push(new PendingUsage(batch, FirstStore: 0));
        }
    }

    /// <summary>Writes the pending batches. Returns <see langword="false"/> if one is still pending.</summary>
    private async Task<bool> TryWriteAsync(CancellationToken cancellationToken)
    {
        while (_pending.TryPeek(out var usage))
        {
            if (!await TryWriteAsync(usage, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> TryWriteAsync(PendingUsage usage, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            // The wait is canceled separately: a store that ignores its token must not delay the next retry or the end of the process.
            var rejection = await Task.Run(() => WriteAsync(usage, either.Token), CancellationToken.None).WaitAsync(either.Token);
            _pending.Pop();
            if (rejection is null)
            {
                Stored?.Invoke(usage.Batch);
                counter.Budget.Release(usage.Rows);
            }
            else
            {
                DivideOrDrop(usage, rejection);
            }

            metrics.RecordUsageFlush(clock.GetElapsedTime(started), rejection is null ? "stored" : "rejected");
            return true;
        }
        catch (Exception exception)
        {
            // Only the type is logged, because the message may contain a connection string.
            Log.UsageFlushFailed(logger, counter.Budget.Used, exception.GetType().Name);
            metrics.RecordUsageFlush(clock.GetElapsedTime(started), "failed");
            return false;
        }
    }

    /// <summary>Writes a batch to the stores, until one rejects it. A single row is written to the other stores all the same.</summary>
    private async Task<UsageRejection?> WriteAsync(PendingUsage usage, CancellationToken cancellationToken)
    {
        UsageRejection? rejection = null;
        await using var scope = scopes.CreateAsyncScope();
        var stores = scope.ServiceProvider.GetServices<IApiKeyStore>().OfType<IApiKeyUsageStore>();
        foreach (var (index, store) in stores.Index().Skip(usage.FirstStore))
        {
            try
            {
                await store.AddUsageAsync(usage.Batch, cancellationToken);
            }
            catch (Exception exception) when (StoreExceptionClassifier.IsRejection(exception))
            {
                rejection = new UsageRejection(index, StoreExceptionClassifier.Describe(exception));
                if (usage.Rows > 1)
                {
                    break;
                }
            }
        }

        return rejection;
    }

    private void DivideOrDrop(PendingUsage usage, UsageRejection rejection)
    {
        if (usage.Rows > 1)
        {
            foreach (var half in usage.Divide(rejection.Store))
            {
                _pending.Push(half);
            }

            return;
        }

        counter.Budget.Release(usage.Rows);
        (_rejectedRows, _rejection) = (_rejectedRows + 1, rejection.Exception);
        metrics.RecordDroppedUses(usage.Batch.Records.Sum(record => record.Count));
    }

    private void ReportMetrics()
    {
        metrics.RecordPendingUsage(counter.Budget.Used);
        if (counter.TakeDroppedCount() is > 0 and var dropped)
        {
            metrics.RecordDroppedUses(dropped);
            Log.UsageDropped(logger, dropped);
        }

        if (Interlocked.Exchange(ref _rejectedRows, 0) is > 0 and var rejected)
        {
            Log.UsageRejected(logger, _rejection, rejected);
        }
    }
}
