using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage.Counting;
using ApiKeyAuth.Usage.Countries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage.Flushing;

/// <summary>
/// Writes the counted usage to the store in batches. A batch that fails is kept unchanged and sent again with the same ID.
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
    private ApiKeyUsageBatch? _pendingBatch;

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
            _pendingBatch = new ApiKeyUsageBatch
            {
                Id = Guid.CreateVersion7(now),
                CreatedAt = now,
                Records = named,
                Scopes = scopeLastUses,
            };
        }
    }

    /// <summary>Writes the pending batch, if there is one. Returns <see langword="false"/> if it is still pending.</summary>
    private async Task<bool> TryWriteAsync(CancellationToken cancellationToken)
    {
        if (_pendingBatch is not { } batch)
        {
            return true;
        }

        var started = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            // The wait is canceled separately: a store that ignores its token must not delay the next retry or the end of the process.
            await Task.Run(() => WriteAsync(batch, either.Token), CancellationToken.None).WaitAsync(either.Token);
            _pendingBatch = null;
            Stored?.Invoke(batch);
            counter.Budget.Release(batch.Records.Count + batch.Scopes.Count);
            metrics.RecordUsageFlush(clock.GetElapsedTime(started), "stored");
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

    private async Task WriteAsync(ApiKeyUsageBatch batch, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        foreach (var store in scope.ServiceProvider.GetServices<IApiKeyStore>().OfType<IApiKeyUsageStore>())
        {
            await store.AddUsageAsync(batch, cancellationToken);
        }
    }

    private void ReportMetrics()
    {
        metrics.RecordPendingUsage(counter.Budget.Used);
        if (counter.TakeDroppedCount() is > 0 and var dropped)
        {
            metrics.RecordDroppedUses(dropped);
            Log.UsageDropped(logger, dropped);
        }
    }
}
