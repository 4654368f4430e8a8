using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Caching.Loading;

/// <summary>Finds keys with a salted hash of another system by their prefix, and verifies them.</summary>
/// <remarks>
/// Anyone can send keys with a known prefix, so the numbers of queries and of verifications at the same time are limited. What exceeds them
/// fails, like a store that is unavailable, and is never cached as an unknown key.
/// </remarks>
internal sealed class SaltedKeyLoader(
    IServiceScopeFactory scopes, ApiKeyCacheOptions options, TimeProvider clock, ApiKeyMetrics metrics, ILogger<SaltedKeyLoader> logger)
    : IDisposable
{
    /// <summary>The maximum number of keys with the same prefix that are verified.</summary>
    public const int MaxCandidates = 4;

    /// <summary>The maximum number of verifications at the same time.</summary>
    public const int MaxVerifications = 2;

    private const int MaxQueries = 8;

    private readonly SemaphoreSlim _queries = new(MaxQueries);
    private readonly SemaphoreSlim _verifications = new(MaxVerifications);

    /// <summary>Finds the key of a secret. It never throws.</summary>
    public async Task<LoadedApiKey> LoadAsync(PrefixedSecret secret)
    {
        var candidates = await FindCandidatesAsync(secret);
        return candidates is null ? LoadedApiKey.Failure : candidates.Count == 0 ? default : Verify(secret, candidates);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queries.Dispose();
        _verifications.Dispose();
    }

    private LoadedApiKey Verify(PrefixedSecret secret, List<(ApiKey Key, ApiKeySecret Secret)> candidates)
    {
        if (!_verifications.Wait(0))
        {
            Log.SaltedHashNotVerified(logger, MaxVerifications);
            metrics.RecordSaltedVerification("rejected");
            return LoadedApiKey.Failure;
        }

        try
        {
            var (key, matched) = candidates.Find(candidate => secret.Verify(candidate.Secret));
            metrics.RecordSaltedVerification(key is null ? "mismatched" : "matched");
            return new LoadedApiKey(key, matched, IsFailed: false);
        }
        catch (Exception exception)
        {
            // An algorithm of the app. Only the type is logged, because the message may hold the hash.
            Log.SaltedHashFailed(logger, exception.GetType().Name);
            return LoadedApiKey.Failure;
        }
        finally
        {
            _verifications.Release();
        }
    }

    /// <returns>The secrets to verify, or null if a store failed.</returns>
    private async Task<List<(ApiKey Key, ApiKeySecret Secret)>?> FindCandidatesAsync(PrefixedSecret secret)
    {
        using var waiting = new CancellationTokenSource(options.StoreTimeout, clock);
        try
        {
            await _queries.WaitAsync(waiting.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        var timeout = new CancellationTokenSource();
        try
        {
            // In a task of its own: a store that blocks or ignores its token does not delay callers.
            return await Task.Run(() => QueryAsync(secret, timeout.Token), CancellationToken.None).WaitAsync(options.StoreTimeout, clock);
        }
        catch (TimeoutException)
        {
            Log.StoreTimedOut(logger, nameof(IPrefixApiKeyStore), options.StoreTimeout);
            _ = timeout.CancelAsync();
            return null;
        }
        finally
        {
            _queries.Release();
        }
    }

    private async Task<List<(ApiKey Key, ApiKeySecret Secret)>?> QueryAsync(PrefixedSecret secret, CancellationToken cancellationToken)
    {
        var storeName = "(being resolved)";
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var candidates = new List<(ApiKey, ApiKeySecret)>();
            foreach (var store in scope.ServiceProvider.GetServices<IApiKeyStore>().OfType<IPrefixApiKeyStore>())
            {
                storeName = store.GetType().Name;
                var keys = await store.FindByPrefixAsync(secret.Prefixes, MaxCandidates + 1, cancellationToken);
                if (keys.Count > MaxCandidates)
                {
                    Log.TooManyKeysOfAPrefix(logger, storeName, MaxCandidates);
                }

                foreach (var key in keys.Take(MaxCandidates))
                {
                    if (KeyIntegrity.FindInvalidMember(key) is { } fault)
                    {
                        Log.StoreReturnedMalformedKey(logger, storeName, fault);
                        return null;
                    }

                    candidates.AddRange(key.Secrets.Where(secret.IsCandidate).Select(stored => (key, stored)));
                }
            }

            return [.. candidates.Take(MaxCandidates)];
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The timeout is already logged.
            return null;
        }
        catch (Exception exception)
        {
            Log.StoreFailed(logger, storeName, exception.GetType().Name);
            return null;
        }
    }
}
