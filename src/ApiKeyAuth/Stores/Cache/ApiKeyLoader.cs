using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Stores;

/// <summary>Asks the registered stores, in the order of their registration, in a scope of its own and for a bounded time.</summary>
internal sealed class ApiKeyLoader(
    IServiceScopeFactory scopes, ApiKeyHasher hasher, ApiKeyCacheOptions options, TimeProvider clock, ApiKeyMetrics metrics, ILogger<ApiKeyLoader> logger,
    TaskScheduler? scheduler = null)
{
    /// <summary>Finds the key of a secret's SHA-256; never throws.</summary>
    public Task<LoadedApiKey> LoadAsync(byte[] digest) => LoadAsync(hasher.GetCandidates(digest));

    /// <summary>Finds the key of a secret again, by the hash under which the secret was stored; never throws.</summary>
    /// <remarks>A plain hash may have been replaced by a peppered one since, which is computed from it.</remarks>
    public Task<LoadedApiKey> LoadAsync(ApiKeyHash hash) => LoadAsync(hash.PepperId is null ? hasher.GetCandidates(hash.Digest) : [hash]);

    private async Task<LoadedApiKey> LoadAsync(IReadOnlyList<ApiKeyHash> hashes)
    {
        using var activity = ApiKeyTelemetry.Activities.StartActivity("apikeyauth.store.load");
        var started = clock.GetTimestamp();
        var loaded = await AskAsync(hashes);
        var result = loaded.Failed ? "failed" : loaded.Key is null ? "not_found" : "found";
        metrics.StoreAnswered(clock.GetElapsedTime(started), result);
        activity?.SetTag("apikeyauth.store.result", result);
        return loaded;
    }

    private async Task<LoadedApiKey> AskAsync(IReadOnlyList<ApiKeyHash> hashes)
    {
        // One timer for both, so that the stores' token is set whenever the wait ends. It has none of its own and needs no disposal.
        var timeout = new CancellationTokenSource();
        var current = new CurrentStore();

        // The stores run apart from the wait for them: one that blocks or ignores its token holds up neither callers nor its scope's end.
        var asked = Task.Factory.StartNew(
            () => AskAllAsync(hashes, current, timeout.Token), CancellationToken.None, TaskCreationOptions.DenyChildAttach,
            scheduler ?? TaskScheduler.Default).Unwrap();
        try
        {
            return await asked.WaitAsync(options.StoreTimeout, clock);
        }
        catch (TimeoutException)
        {
            Log.StoreTimedOut(logger, current.Name, options.StoreTimeout);
            _ = timeout.CancelAsync();
            return LoadedApiKey.Failure;
        }
    }

    private async Task<LoadedApiKey> AskAllAsync(IReadOnlyList<ApiKeyHash> hashes, CurrentStore current, CancellationToken cancellationToken)
    {
        var failed = false;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            foreach (var store in scope.ServiceProvider.GetServices<IApiKeyStore>())
            {
                current.Name = store.GetType().Name;
                var loaded = await AskOneAsync(store, hashes, cancellationToken);
                if (loaded.Key is not null)
                {
                    return loaded;
                }

                failed |= loaded.Failed;
                if (cancellationToken.IsCancellationRequested)
                {
                    break;
                }
            }
        }
        catch (Exception exception)
        {
            // A store that cannot be made, or a scope that cannot be ended. The message may hold a connection string, so the type alone is told.
            Log.StoreFailed(logger, current.Name, exception.GetType().Name);
            failed = true;
        }

        return failed ? LoadedApiKey.Failure : default;
    }

    private async Task<LoadedApiKey> AskOneAsync(IApiKeyStore store, IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
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
        if (KeyIntegrity.FindFault(key) is { } fault)
        {
            Log.StoreAnsweredMalformedKey(logger, store.GetType().Name, fault);
            return LoadedApiKey.Failure;
        }

        var secret = key.Secrets.FirstOrDefault(secret => hashes.Contains(secret.Hash));
        if (secret is null)
        {
            Log.StoreAnsweredWrongKey(logger, store.GetType().Name, key.Id);
            return LoadedApiKey.Failure;
        }

        return new LoadedApiKey(key, secret, Failed: false);
    }

    private sealed class CurrentStore
    {
        public string Name { get; set; } = "(being resolved)";
    }
}
