using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage;

/// <summary>Brings what was counted to the store, a batch at a time. A batch that fails stays as it is, and is sent again under its id.</summary>
internal sealed class UsageFlush(
    UsageCounter counter, Countries countries, SeenKeys seen, IServiceScopeFactory scopes, TimeProvider clock, ApiKeyMetrics metrics, ILogger<UsageFlush> logger) : IDisposable
{
    private const int MostKeys = 250;
    private const int MostRows = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1);
    private ApiKeyUsageBatch? _frozen;

    /// <summary>Flushes everything there is, or until a batch fails.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await WriteAllAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
            Tell();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        if (!await TryWriteAsync(cancellationToken))
        {
            return;
        }

        var (uses, marks, keys) = (new List<FrozenUse>(), new List<ApiKeyScopeUse>(), 0);
        foreach (var key in counter.Keys)
        {
            if (key.Take(uses, marks))
            {
                counter.Forget(key);
            }

            if (++keys < MostKeys && uses.Count + marks.Count < MostRows)
            {
                continue;
            }

            Freeze(uses, marks);
            if (!await TryWriteAsync(cancellationToken))
            {
                return;
            }

            (uses, marks, keys) = ([], [], 0);
        }

        Freeze(uses, marks);
        await TryWriteAsync(cancellationToken);
    }

    private void Freeze(List<FrozenUse> uses, List<ApiKeyScopeUse> marks)
    {
        if (uses.Count + marks.Count > 0)
        {
            var now = clock.GetUtcNow();
            var named = countries.Name(uses);
            counter.Room.Free(uses.Count - named.Count);
            _frozen = new ApiKeyUsageBatch { Id = Guid.CreateVersion7(now), At = now, Uses = named, Scopes = marks };
        }
    }

    /// <summary>Writes the batch that waits, if one does; false where it still waits.</summary>
    private async Task<bool> TryWriteAsync(CancellationToken cancellationToken)
    {
        if (_frozen is not { } batch)
        {
            return true;
        }

        var started = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            // Apart from the wait for it: a store that ignores its token holds up neither the next try nor the end of the process.
            await Task.Run(() => WriteAsync(batch, either.Token), CancellationToken.None).WaitAsync(either.Token);
            _frozen = null;
            seen.Note(batch);
            counter.Room.Free(batch.Uses.Count + batch.Scopes.Count);
            metrics.UsageFlushed(clock.GetElapsedTime(started), "stored");
            return true;
        }
        catch (Exception exception)
        {
            // The message may hold a connection string, so the type alone is told.
            Log.UsageNotStored(logger, counter.Room.Taken, exception.GetType().Name);
            metrics.UsageFlushed(clock.GetElapsedTime(started), "failed");
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

    private void Tell()
    {
        metrics.UsagePending(counter.Room.Taken);
        if (counter.TakeDropped() is > 0 and var dropped)
        {
            metrics.UsesDropped(dropped);
            Log.UsageDropped(logger, dropped);
        }
    }
}
