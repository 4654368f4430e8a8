using System.Net;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Hashes;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Caching;

/// <summary>Provides the cache in front of the stores: known keys are read without a lock, and each key has one load in flight.</summary>
/// <remarks>
/// Cached keys are served while the node holds its lease. Without it, another node may have changed any key, so every request queries the
/// store and none joins a load that started before the request. The response to a change then binds every later request. The results of
/// such loads are cached: the lease is renewed only after all changes were applied. A load that an invalidation overtook is not cached.
/// </remarks>
internal sealed class ApiKeyCache(
    ApiKeyLoader loader,
    ScopeCatalog catalog,
    ApiKeyCacheOptions options,
    CacheLease lease,
    TimeProvider clock,
    ApiKeyMetrics metrics,
    ILogger<ApiKeyCache> logger,
    TaskScheduler? scheduler = null)
    : IApiKeyCache, IDisposable
{
    private readonly KnownKeys _known = new(options.MaxKnownKeys);
    private readonly UnknownKeys _unknown = new(options.MaxUnknownKeys, options.UnknownKeyLifetime, clock);
    private readonly ScopeSetInterner _scopes = new(catalog);
    private readonly ListInterner<RateLimit> _limits = new();
    private readonly ListInterner<IPNetwork> _networks = new();
    private readonly ListInterner<string> _audiences = new();
    private readonly Lock _gate = new();

    // An invalidation replaces the dictionary; loads of the previous one do not cache their results.
    private Dictionary<SecretTag, Task<ApiKeyLookupResult>> _loads = [];

    // Loads that start when the previous load of the same secret completes.
    private readonly Dictionary<SecretTag, Task<ApiKeyLookupResult>> _queued = [];

    /// <summary>
    /// Occurs after a key was invalidated, or, with null, after all keys were. Handlers must be fast and must not throw.
    /// </summary>
    public event Action<string?>? Invalidated;

    /// <summary>Gets the number of cached entries of known keys.</summary>
    public int KnownCount => _known.Count;

    /// <summary>Gets the number of cached unknown keys.</summary>
    public int UnknownCount => _unknown.Count;

    /// <summary>Gets the number of loads in flight that requests can join.</summary>
    public int LoadCount
    {
        get
        {
            lock (_gate)
            {
                return _loads.Count;
            }
        }
    }

    /// <summary>Looks up a key without waiting.</summary>
    /// <param name="tag">The tag of the secret.</param>
    /// <param name="now">The timestamp of the clock, read after the request arrived.</param>
    /// <param name="lookup">The result.</param>
    /// <returns>True if the cache has a valid result; otherwise the key must be loaded.</returns>
    public bool TryGet(in SecretTag tag, long now, out ApiKeyLookupResult lookup)
    {
        var isCached = TryGetCore(tag, now, out lookup);
        metrics.RecordCacheLookup(!isCached ? "miss" : lookup.Key is null ? "unknown" : "known");
        return isCached;
    }

    /// <summary>Loads a key from the stores, or joins the load in flight, which a cancellation does not end.</summary>
    /// <param name="tag">The tag of the secret.</param>
    /// <param name="digests">The digests of the secret.</param>
    /// <param name="cancellationToken">The token that cancels the caller's wait.</param>
    public Task<ApiKeyLookupResult> LoadAsync(in SecretTag tag, SecretDigests digests, CancellationToken cancellationToken) =>
        GetOrStartLoad(tag, digests).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public void Invalidate(string keyId)
    {
        ArgumentNullException.ThrowIfNull(keyId);
        lock (_gate)
        {
            _loads = [];
            _known.RemoveKey(keyId);
            _unknown.Clear();
        }

        Invalidated?.Invoke(keyId);
    }

    /// <inheritdoc/>
    public void InvalidateAll()
    {
        lock (_gate)
        {
            _loads = [];
            _known.Clear();
            _unknown.Clear();
        }

        Invalidated?.Invoke(null);
    }

    /// <summary>Determines whether the next request with the same secret would be served from an entry.</summary>
    /// <param name="record">The entry that served an earlier request.</param>
    /// <param name="now">The timestamp of the clock.</param>
    public bool IsCurrent(CachedApiKey record, long now) =>
        lease.IsHeld(now) && _known.TryGet(record.Tag, out var known) && ReferenceEquals(known, record) && record.IsFresh(now);

    /// <inheritdoc/>
    public void Dispose() => _unknown.Dispose();

    /// <summary>Checks the lease before it reads the cache.</summary>
    /// <remarks>
    /// In the other order, a thread could read an entry and be suspended; a heartbeat could meanwhile remove the entry and renew the lease.
    /// The thread would then find the lease held and serve the old entry long after the change was acknowledged.
    /// </remarks>
    private bool TryGetCore(in SecretTag tag, long now, out ApiKeyLookupResult lookup)
    {
        if (!lease.IsHeld(now))
        {
            lookup = default;
            return false;
        }

        var isKnown = _known.TryGet(tag, out var record);
        lookup = new ApiKeyLookupResult(record, false);
        return isKnown ? record!.IsFresh(now) : _unknown.Contains(tag);
    }

    private Task<ApiKeyLookupResult> GetOrStartLoad(SecretTag tag, SecretDigests digests)
    {
        lock (_gate)
        {
            // The load may have completed since the caller's lookup.
            var now = clock.GetTimestamp();
            if (TryGetCore(tag, now, out var lookup))
            {
                return Task.FromResult(lookup);
            }

            var isLoading = _loads.TryGetValue(tag, out var load);
            return isLoading && lease.IsHeld(now) ? load!
                : _queued.TryGetValue(tag, out var queued) ? queued
                : isLoading ? QueueLoad(tag, digests, load!)
                : StartLoad(tag, digests);
        }
    }

    private Task<ApiKeyLookupResult> StartLoad(SecretTag tag, SecretDigests digests)
    {
        var loads = _loads;
        var load = RunLoad(() => LoadCoreAsync(tag, digests, loads));
        loads.Add(tag, load);
        return load;
    }

    private Task<ApiKeyLookupResult> QueueLoad(SecretTag tag, SecretDigests digests, Task<ApiKeyLookupResult> previous)
    {
        var next = RunLoad(() => LoadAfterAsync(tag, digests, previous));
        _queued.Add(tag, next);
        return next;
    }

    /// <summary>Starts a load without the cancellation and the ambient state (HttpContext, Activity) of the first caller.</summary>
    private Task<ApiKeyLookupResult> RunLoad(Func<Task<ApiKeyLookupResult>> load)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Factory.StartNew(
                load, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler ?? TaskScheduler.Default).Unwrap();
        }
    }

    private async Task<ApiKeyLookupResult> LoadAfterAsync(SecretTag tag, SecretDigests digests, Task<ApiKeyLookupResult> previous)
    {
        // WhenAny does not throw if the previous load failed.
        await Task.WhenAny(previous);
        Dictionary<SecretTag, Task<ApiKeyLookupResult>> loads;
        lock (_gate)
        {
            loads = _loads;
            _queued.Remove(tag, out var self);
            loads.TryAdd(tag, self!);
        }

        return await LoadCoreAsync(tag, digests, loads);
    }

    private async Task<ApiKeyLookupResult> LoadCoreAsync(
        SecretTag tag, SecretDigests digests, Dictionary<SecretTag, Task<ApiKeyLookupResult>> loads)
    {
        var loaded = await loader.LoadAsync(digests);
        lock (_gate)
        {
            var isCurrent = ReferenceEquals(loads, _loads);
            loads.Remove(tag);
            return loaded.IsFailed ? GetStale(tag)
                : loaded.Key is null ? CacheUnknown(tag, isCurrent)
                : CacheKnown(tag, loaded.Key, loaded.Secret!, isCurrent);
        }
    }

    private ApiKeyLookupResult CacheKnown(in SecretTag tag, ApiKey key, ApiKeySecret secret, bool isCurrent)
    {
        var now = clock.GetTimestamp();
        var fresh = GetFreshLifetime(key, secret);
        var (granted, expanded) = _scopes.Intern(key.Scopes);
        var shared = key with
        {
            Scopes = granted,
            RateLimits = _limits.Intern(key.RateLimits),
            Networks = _networks.Intern(key.Networks),
            Audiences = _audiences.Intern(key.Audiences),
        };
        var freshUntil = now + ToTimestampTicks(fresh);
        var serveUntil = now + ToTimestampTicks(fresh + options.MaxStaleness);
        var record = new CachedApiKey(tag, shared, secret, expanded, freshUntil, serveUntil);
        if (isCurrent)
        {
            _known.Put(record, now);
        }

        return new ApiKeyLookupResult(record, false);
    }

    private ApiKeyLookupResult CacheUnknown(in SecretTag tag, bool isCurrent)
    {
        if (isCurrent)
        {
            _known.Remove(tag);
            _unknown.Put(tag);
        }

        return ApiKeyLookupResult.NotFound;
    }

    /// <summary>
    /// Serves a stale entry after a failed load. Entries in the cache are valid even if an invalidation detached the load.
    /// </summary>
    private ApiKeyLookupResult GetStale(in SecretTag tag)
    {
        var now = clock.GetTimestamp();
        if (!lease.IsHeld(now) || !_known.TryGet(tag, out var record) || now >= record!.ServeUntil || MayHaveBeenUsed(record.Key))
        {
            return ApiKeyLookupResult.Unavailable;
        }

        if (!record.IsFresh(now))
        {
            record.DeferRefresh(now + ToTimestampTicks(options.StoreTimeout));
            metrics.RecordStaleServe();
            Log.StaleKeyServed(logger, record.Key.Id);
        }

        return new ApiKeyLookupResult(record, false);
    }

    /// <summary>
    /// Determines whether a stale entry shows a key that was not used for its idle time. Another node may have used it since it was loaded.
    /// </summary>
    private bool MayHaveBeenUsed(ApiKey key) =>
        key.ExpiresAfterIdleDays is not null && key.GetStatus(clock.GetUtcNow()) == ApiKeyStatus.Idle;

    /// <summary>Gets how long a key is served without loading it again: at most until the key or its secret expires.</summary>
    /// <remarks>
    /// A key that has already expired is cached for the usual time. A key that expires because it was not used is thus always loaded again
    /// before it is rejected, because another node may have used it.
    /// </remarks>
    private TimeSpan GetFreshLifetime(ApiKey key, ApiKeySecret secret)
    {
        var now = clock.GetUtcNow();
        var lifetime = options.KnownKeyLifetime;
        foreach (var expiry in (ReadOnlySpan<DateTimeOffset?>)[key.ExpiresAt?.Instant, secret.ExpiresAt, key.GetIdleExpiration()])
        {
            if (expiry - now is { } remaining && remaining > TimeSpan.Zero && remaining < lifetime)
            {
                lifetime = remaining;
            }
        }

        return lifetime;
    }

    private long ToTimestampTicks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
