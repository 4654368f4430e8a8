using System.Diagnostics;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Caching.Loading;

/// <summary>
/// Queries the registered stores in the order of their registration, with a DI scope and a timeout for each call.
/// </summary>
internal sealed class ApiKeyLoader(
    IServiceScopeFactory scopes,
    ApiKeyHasher hasher,
    ApiKeyCacheOptions options,
    TimeProvider clock,
    ApiKeyMetrics metrics,
    ILogger<ApiKeyLoader> logger,
    TaskScheduler? scheduler = null,
    HashUpgradeQueue? upgrades = null,
    SaltedKeyLoader? saltedKeys = null,
    Func<string, DateTimeOffset?>? findUnstoredUse = null)
{
    private const string Found = "found";
    private const string NotFound = "not_found";
    private const string Failed = "failed";

    private readonly LoadQueue _queue = new(options, clock);

    /// <summary>Finds the key of a secret by its digests. It never throws.</summary>
    public Task<LoadedApiKey> LoadAsync(SecretDigests digests)
    {
        var hashes = hasher.GetCandidates(digests.Sha256);
        return digests is { Legacy.Length: 0, Prefixed: null }
            ? LoadAsync(hashes)
            : LoadWithUpgradeAsync([.. hashes, .. digests.Legacy], digests);
    }

    /// <summary>Finds the key of a secret again, by the hash that was stored. It never throws.</summary>
    /// <remarks>
    /// A plain hash may have been replaced by a peppered one, which can be computed from it. The hash of another system may have been
    /// replaced after its first use.
    /// </remarks>
    public Task<LoadedApiKey> LoadAsync(ApiKeyHash hash) => LoadAsync(
        hash.PepperId is null ? hasher.GetCandidates(hash.Digest)
        : upgrades?.FindReplacement(hash) is { } replacement ? [replacement, hash]
        : [hash]);

    /// <summary>Finds the key of a secret, and queues the replacement of its hash if that is the hash of another system.</summary>
    private async Task<LoadedApiKey> LoadWithUpgradeAsync(IReadOnlyList<ApiKeyHash> hashes, SecretDigests digests)
    {
        var loaded = await LoadAsync(hashes);
        if (loaded is { Key: null, IsFailed: false } && digests.Prefixed is { } prefixed && saltedKeys is not null)
        {
            loaded = await saltedKeys.LoadAsync(prefixed);
            loaded = loaded.Key is { } found ? loaded with { Key = AddUnstoredUse(found) } : loaded;
        }

        if (loaded is { Key: { } key, Secret.Hash: { IsLegacy: true } hash })
        {
            upgrades?.Add(new HashUpgrade(key.Id, hash, hasher.Hash(digests.Sha256)));
        }

        return loaded;
    }

    private Task<LoadedApiKey> LoadAsync(IReadOnlyList<ApiKeyHash> hashes)
    {
        var load = new PendingLoad(hashes, clock.GetTimestamp());
        if (_queue.Add(load) is { } batch)
        {
            StartBatches(batch);
        }

        return load.Result;
    }

    /// <summary>Starts running batches without the ambient state of the caller, because later batches belong to other callers.</summary>
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

        // It is canceled when the wait times out. It has no timer of its own, so it needs no disposal.
        var timeout = new CancellationTokenSource();

        // The stores run in a separate task: a store that blocks or ignores its token delays neither callers nor the disposal of its scope.
        var query = Start(() => QueryStoresAsync(batch, timeout.Token));
        LoadedApiKey[] results = [];
        try
        {
            results = await query.WaitAsync(options.StoreTimeout, clock);
        }
        catch (TimeoutException)
        {
            Log.StoreTimedOut(logger, batch.StoreName, options.StoreTimeout);
            _ = timeout.CancelAsync();
            Complete(_queue.TakeTimedOut(batch), []);
        }

        RecordResults(batch, results, activity);
        Complete(batch.Loads, results);
    }

    /// <summary>
    /// Completes lookups, with a failure for those without a result. Each is completed in a task of its own, because its continuation may
    /// run for a long time.
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

    /// <returns>The results of the lookups in the batch, or an empty array if all of them failed.</returns>
    private async Task<LoadedApiKey[]> QueryStoresAsync(LoadBatch batch, CancellationToken cancellationToken)
    {
        LoadedApiKey[] results = [];
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            IApiKeyStore[] stores = [.. scope.ServiceProvider.GetServices<IApiKeyStore>()];
            foreach (var added in _queue.Fill(batch, supportsBatches: stores.All(store => store is IBatchApiKeyStore)))
            {
                StartBatches(added);
            }

            results = new LoadedApiKey[batch.Loads.Count];
            foreach (var store in stores.TakeWhile(_ => !cancellationToken.IsCancellationRequested))
            {
                batch.StoreName = store.GetType().Name;
                await QueryStoreAsync(store, batch.Loads, results, cancellationToken);
            }
        }
        catch (Exception exception)
        {
            // A store could not be created, or the scope could not be disposed. Only the type is logged: the message may hold a connection
            // string.
            Log.StoreFailed(logger, batch.StoreName, exception.GetType().Name);
            _queue.Close(batch);
            return [];
        }

        if (!cancellationToken.IsCancellationRequested && results.Any(result => !result.IsFailed))
        {
            _queue.RecordAnswer();
        }

        return results;
    }

    /// <summary>Queries one store for the keys that previous stores did not find.</summary>
    private async Task QueryStoreAsync(
        IApiKeyStore store, List<PendingLoad> loads, LoadedApiKey[] results, CancellationToken cancellationToken)
    {
        int[] remaining = [.. Enumerable.Range(0, loads.Count).Where(index => results[index].Key is null)];
        if (remaining.Length == 0)
        {
            return;
        }

        LoadedApiKey[] found = remaining.Length > 1
            ? await FindManyAsync((IBatchApiKeyStore)store, [.. remaining.Select(index => loads[index].Hashes)], cancellationToken)
            : [await FindOneAsync(store, loads[remaining[0]].Hashes, cancellationToken)];
        foreach (var (position, index) in remaining.Index())
        {
            // A later store may still find the key. The result "not found" requires an answer of every store.
            results[index] = found[position].Key is null && results[index].IsFailed ? LoadedApiKey.Failure : found[position];
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
            // The timeout is already logged.
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
            // The timeout is already logged.
            return LoadedApiKey.Failure;
        }
        catch (Exception exception)
        {
            Log.StoreFailed(logger, store.GetType().Name, exception.GetType().Name);
            return LoadedApiKey.Failure;
        }
    }

    /// <summary>
    /// Compares the whole hash in constant time, so that a store that returns the wrong key does not authenticate the caller.
    /// </summary>
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

        return new LoadedApiKey(AddUnstoredUse(key), secret, IsFailed: false);
    }

    /// <summary>Adds the last use that this node counted and may not have written yet, if the key expires when it is not used.</summary>
    private ApiKey AddUnstoredUse(ApiKey key) =>
        key.ExpiresAfterIdleDays is not null && findUnstoredUse?.Invoke(key.Id) is { } last && !(key.LastUsedAt >= last)
            ? key with { LastUsedAt = last }
            : key;
}
