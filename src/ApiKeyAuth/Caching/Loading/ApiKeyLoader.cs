using System.Diagnostics;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Caching.Loading;

/// <summary>
/// Asks the registered stores, in the order of their registration, in a scope of its own for each call and for a bounded time.
/// </summary>
internal sealed class ApiKeyLoader(
    IServiceScopeFactory scopes, ApiKeyHasher hasher, ApiKeyCacheOptions options, TimeProvider clock, ApiKeyMetrics metrics, ILogger<ApiKeyLoader> logger,
    TaskScheduler? scheduler = null)
{
    private const string Found = "found";
    private const string NotFound = "not_found";
    private const string Failed = "failed";

    private readonly LoadQueue _queue = new(options, clock);

    /// <summary>Finds the key of a secret's SHA-256; never throws.</summary>
    public Task<LoadedApiKey> LoadAsync(byte[] digest) => LoadAsync(hasher.GetCandidates(digest));

    /// <summary>Finds the key of a secret again, by the hash under which the secret was stored; never throws.</summary>
    /// <remarks>A plain hash may have been replaced by a peppered one since, which is computed from it.</remarks>
    public Task<LoadedApiKey> LoadAsync(ApiKeyHash hash) => LoadAsync(hash.PepperId is null ? hasher.GetCandidates(hash.Digest) : [hash]);

    private Task<LoadedApiKey> LoadAsync(IReadOnlyList<ApiKeyHash> hashes)
    {
        var load = new PendingLoad(hashes, clock.GetTimestamp());
        if (_queue.Add(load) is { } batch)
        {
            StartBatches(batch);
        }

        return load.Result;
    }

    /// <summary>Runs apart from the caller, whose ambient state belongs to one lookup and not to those that follow.</summary>
    private void StartBatches(LoadBatch batch)
    {
        using (ExecutionContext.SuppressFlow())
        {
            Start(() => _ = RunBatchesAsync(batch));
        }
    }

    private Task<T> Start<T>(Func<Task<T>> run) => Task.Factory.StartNew(
        run, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler ?? TaskScheduler.Default).Unwrap();

    private void Start(Action run) => Task.Factory.StartNew(
        run, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler ?? TaskScheduler.Default);

    private async Task RunBatchesAsync(LoadBatch first)
    {
        for (var batch = first; batch is not null;)
        {
            await RunBatchAsync(batch);
            batch = _queue.CompleteCall(out var expired);
            Complete(expired, []);
        }
    }

    private async Task RunBatchAsync(LoadBatch batch)
    {
        using var activity = ApiKeyTelemetry.ActivitySource.StartActivity("apikeyauth.store.load");

        // One timer for both, so that the stores' token is set whenever the wait ends. It has none of its own and needs no disposal.
        var timeout = new CancellationTokenSource();

        // The stores run apart from the wait for them: one that blocks or ignores its token holds up neither callers nor its scope's end.
        var asked = Start(() => QueryStoresAsync(batch, timeout.Token));
        LoadedApiKey[] answers = [];
        try
        {
            answers = await asked.WaitAsync(options.StoreTimeout, clock);
        }
        catch (TimeoutException)
        {
            Log.StoreTimedOut(logger, batch.StoreName, options.StoreTimeout);
            _ = timeout.CancelAsync();
            Complete(_queue.TakeTimedOut(batch), []);
        }

        RecordResults(batch, answers, activity);
        Complete(batch.Loads, answers);
    }

    /// <summary>
    /// Hands the results out, failures for lookups without one. It is done apart: whoever waits for a result may go on for long.
    /// </summary>
    private void Complete(List<PendingLoad> loads, LoadedApiKey[] results)
    {
        foreach (var (index, load) in loads.Index())
        {
            var loaded = index < results.Length ? results[index] : LoadedApiKey.Failure;
            Start(() => load.Complete(loaded));
        }
    }

    private void RecordResults(LoadBatch batch, LoadedApiKey[] results, Activity? activity)
    {
        var elapsed = clock.GetElapsedTime(batch.StartedAt);
        var worst = NotFound;
        for (var index = 0; index < batch.Loads.Count; index++)
        {
            var result = index >= results.Length || results[index].IsFailed ? Failed : results[index].Key is null ? NotFound : Found;
            metrics.RecordStoreLoad(elapsed, result);
            worst = worst == Failed || result == NotFound ? worst : result;
        }

        activity?.SetTag("apikeyauth.store.result", worst);
    }

    /// <returns>The results of the batch's lookups, or none if all of them failed.</returns>
    private async Task<LoadedApiKey[]> QueryStoresAsync(LoadBatch batch, CancellationToken cancellationToken)
    {
        LoadedApiKey[] answers = [];
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            IApiKeyStore[] stores = [.. scope.ServiceProvider.GetServices<IApiKeyStore>()];
            foreach (var added in _queue.Fill(batch, supportsBatches: stores.All(store => store is IBatchApiKeyStore)))
            {
                StartBatches(added);
            }

            answers = new LoadedApiKey[batch.Loads.Count];
            foreach (var store in stores.TakeWhile(_ => !cancellationToken.IsCancellationRequested))
            {
                batch.StoreName = store.GetType().Name;
                await QueryStoreAsync(store, batch.Loads, answers, cancellationToken);
            }
        }
        catch (Exception exception)
        {
            // A store that cannot be made, or a scope that cannot be ended. The message may hold a connection string, so the type alone is told.
            Log.StoreFailed(logger, batch.StoreName, exception.GetType().Name);
            _queue.Close(batch);
            return [];
        }

        if (!cancellationToken.IsCancellationRequested && answers.Any(answer => !answer.IsFailed))
        {
            _queue.RecordAnswer();
        }

        return answers;
    }

    /// <summary>Asks one store for what no store before it had.</summary>
    private async Task QueryStoreAsync(IApiKeyStore store, List<PendingLoad> loads, LoadedApiKey[] results, CancellationToken cancellationToken)
    {
        int[] open = [.. Enumerable.Range(0, loads.Count).Where(index => results[index].Key is null)];
        if (open.Length == 0)
        {
            return;
        }

        LoadedApiKey[] found = open.Length > 1
            ? await FindManyAsync((IBatchApiKeyStore)store, [.. open.Select(index => loads[index].Hashes)], cancellationToken)
            : [await FindOneAsync(store, loads[open[0]].Hashes, cancellationToken)];
        foreach (var (place, index) in open.Index())
        {
            // A key of a later store counts; the certainty that there is none needs all of them.
            results[index] = found[place].Key is null && results[index].IsFailed ? LoadedApiKey.Failure : found[place];
        }
    }

    private async Task<LoadedApiKey[]> FindManyAsync(
        IBatchApiKeyStore store, IReadOnlyList<ApiKeyHash>[] lookups, CancellationToken cancellationToken)
    {
        LoadedApiKey[] failures = [.. lookups.Select(_ => LoadedApiKey.Failure)];
        try
        {
            var keys = await store.FindManyAsync(lookups, cancellationToken);
            if (keys.Count != lookups.Length)
            {
                Log.StoreReturnedWrongCount(logger, store.GetType().Name, keys.Count, lookups.Length);
                return failures;
            }

            return [.. lookups.Select((hashes, index) => keys[index] is { } key ? Verify(store, key, hashes) : default)];
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // It was canceled, and the time-out is logged.
            return failures;
        }
        catch (Exception exception)
        {
            Log.StoreFailed(logger, store.GetType().Name, exception.GetType().Name);
            return failures;
        }
    }

    private async Task<LoadedApiKey> FindOneAsync(IApiKeyStore store, IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        try
        {
            var key = await store.FindAsync(hashes, cancellationToken);
            return key is null ? default : Verify(store, key, hashes);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // It was told to stop, and the time-out is logged.
            return LoadedApiKey.Failure;
        }
        catch (Exception exception)
        {
            Log.StoreFailed(logger, store.GetType().Name, exception.GetType().Name);
            return LoadedApiKey.Failure;
        }
    }

    /// <summary>Compares the whole hash in constant time, once: a store that answers with another key lets nobody in.</summary>
    private LoadedApiKey Verify(IApiKeyStore store, ApiKey key, IReadOnlyList<ApiKeyHash> hashes)
    {
        if (KeyIntegrity.FindInvalidMember(key) is { } fault)
        {
            Log.StoreReturnedMalformedKey(logger, store.GetType().Name, fault);
            return LoadedApiKey.Failure;
        }

        var secret = key.Secrets.FirstOrDefault(secret => hashes.Contains(secret.Hash));
        if (secret is null)
        {
            Log.StoreReturnedWrongKey(logger, store.GetType().Name, key.Id);
            return LoadedApiKey.Failure;
        }

        return new LoadedApiKey(key, secret, IsFailed: false);
    }
}
