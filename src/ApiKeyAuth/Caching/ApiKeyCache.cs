using System.Net;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Caching;

/// <summary>Stands before any store: warm keys without a lock, one load in flight per key, and nothing published after an invalidation.</summary>
/// <remarks>
/// It answers from what it keeps while the node's lease is held. Outside it another node may have changed any key: the store is asked for each
/// request, and no request joins a load that began before it came, so that the answer to a change binds every request after it. What such loads
/// find is kept; the lease is held again only once all changes were acted on.
/// </remarks>
internal sealed class ApiKeyCache(
    ApiKeyLoader loader, ScopeCatalog catalog, ApiKeyCacheOptions options, CacheLease lease, TimeProvider clock, ApiKeyMetrics metrics,
    ILogger<ApiKeyCache> logger, TaskScheduler? scheduler = null)
    : IApiKeyCache, IDisposable
{
    private readonly KnownKeys _known = new(options.MaxKnownKeys);
    private readonly UnknownKeys _unknown = new(options.MaxUnknownKeys, options.UnknownKeyLifetime, clock);
    private readonly ScopeSetInterner _scopes = new(catalog);
    private readonly ListInterner<RateLimit> _limits = new();
    private readonly ListInterner<IPNetwork> _networks = new();
    private readonly ListInterner<string> _audiences = new();
    private readonly Lock _gate = new();

    // Replaced as a whole by an invalidation: a load that is in no current dictionary publishes nothing.
    private Dictionary<SecretTag, Task<ApiKeyLookupResult>> _loads = [];

    // The loads that begin when the one before them ends.
    private readonly Dictionary<SecretTag, Task<ApiKeyLookupResult>> _queued = [];

    /// <summary>
    /// Occurs after a key was invalidated, or, with null, after all of them were. Handlers must be fast and must not throw.
    /// </summary>
    public event Action<string?>? Invalidated;

    /// <summary>How many known keys' records are kept.</summary>
    public int KnownCount => _known.Count;

    /// <summary>How many keys are remembered as unknown.</summary>
    public int UnknownCount => _unknown.Count;

    /// <summary>How many loads are in flight that callers may join.</summary>
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

    /// <summary>Finds the key of a tag where nothing need be waited for.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="now">The clock's timestamp, read after the request came.</param>
    /// <param name="lookup">What came of it.</param>
    public bool TryGet(in SecretTag tag, long now, out ApiKeyLookupResult lookup)
    {
        var isKept = TryGetCore(tag, now, out lookup);
        metrics.RecordCacheLookup(!isKept ? "miss" : lookup.Key is null ? "unknown" : "known");
        return isKept;
    }

    /// <summary>Has the stores asked for what was not recalled. Giving up does not end the load that others wait for.</summary>
    /// <param name="tag">The secret's tag.</param>
    /// <param name="digest">The secret's SHA-256.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    public Task<ApiKeyLookupResult> LoadAsync(in SecretTag tag, byte[] digest, CancellationToken cancellationToken) =>
        GetOrStartLoad(tag, digest).WaitAsync(cancellationToken);

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

    /// <summary>Determines whether the next request with the same secret would be answered from a record.</summary>
    /// <param name="record">The record, by which an earlier request was answered.</param>
    /// <param name="now">The clock's timestamp.</param>
    public bool IsCurrent(CachedApiKey record, long now) =>
        lease.IsHeld(now) && _known.TryGet(record.Tag, out var known) && ReferenceEquals(known, record) && record.IsFresh(now);

    /// <inheritdoc/>
    public void Dispose() => _unknown.Dispose();

    /// <summary>Looks at the lease first, and only then at what is kept.</summary>
    /// <remarks>
    /// The other way round, a thread that is held up in between could take a record, let the beat of a node that stood still drop it and
    /// prolong the lease, and then find the lease held: the old record would be served long after the change was answered.
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

    private Task<ApiKeyLookupResult> GetOrStartLoad(SecretTag tag, byte[] digest)
    {
        lock (_gate)
        {
            // The load that a caller missed may have ended just before it came here.
            var now = clock.GetTimestamp();
            if (TryGetCore(tag, now, out var lookup))
            {
                return Task.FromResult(lookup);
            }

            var isLoading = _loads.TryGetValue(tag, out var load);
            return isLoading && lease.IsHeld(now) ? load!
                : _queued.TryGetValue(tag, out var queued) ? queued
                : isLoading ? QueueLoad(tag, digest, load!)
                : StartLoad(tag, digest);
        }
    }

    private Task<ApiKeyLookupResult> StartLoad(SecretTag tag, byte[] digest)
    {
        var loads = _loads;
        var load = RunLoad(() => LoadCoreAsync(tag, digest, loads));
        loads.Add(tag, load);
        return load;
    }

    private Task<ApiKeyLookupResult> QueueLoad(SecretTag tag, byte[] digest, Task<ApiKeyLookupResult> previous)
    {
        var next = RunLoad(() => LoadAfterAsync(tag, digest, previous));
        _queued.Add(tag, next);
        return next;
    }

    /// <summary>Runs apart from the first caller: neither its cancellation nor its ambient state (HttpContext, Activity) goes along.</summary>
    private Task<ApiKeyLookupResult> RunLoad(Func<Task<ApiKeyLookupResult>> load)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Factory.StartNew(load, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler ?? TaskScheduler.Default).Unwrap();
        }
    }

    private async Task<ApiKeyLookupResult> LoadAfterAsync(SecretTag tag, byte[] digest, Task<ApiKeyLookupResult> previous)
    {
        // However the one before ended.
        await Task.WhenAny(previous);
        Dictionary<SecretTag, Task<ApiKeyLookupResult>> loads;
        lock (_gate)
        {
            loads = _loads;
            _queued.Remove(tag, out var self);
            loads.TryAdd(tag, self!);
        }

        return await LoadCoreAsync(tag, digest, loads);
    }

    private async Task<ApiKeyLookupResult> LoadCoreAsync(SecretTag tag, byte[] digest, Dictionary<SecretTag, Task<ApiKeyLookupResult>> loads)
    {
        var loaded = await loader.LoadAsync(digest);
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
        var record = new CachedApiKey(tag, shared, secret, expanded, now + ToTimestampTicks(fresh), now + ToTimestampTicks(fresh + options.MaxStaleness));
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

    /// <summary>Answers from what is kept: also for a load that an invalidation detached, because what is kept came through it or after it.</summary>
    private ApiKeyLookupResult GetStale(in SecretTag tag)
    {
        var now = clock.GetTimestamp();
        if (!lease.IsHeld(now) || !_known.TryGet(tag, out var record) || now >= record!.ServeUntil)
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

    /// <summary>An entry never outlives the key or the secret it was loaded for; a key that ended before is remembered as such for the usual time.</summary>
    private TimeSpan GetFreshLifetime(ApiKey key, ApiKeySecret secret)
    {
        var now = clock.GetUtcNow();
        var lifetime = options.KnownKeyLifetime;
        foreach (var end in (ReadOnlySpan<DateTimeOffset?>)[key.ExpiresAt?.Instant, secret.ExpiresAt])
        {
            if (end - now is { } left && left > TimeSpan.Zero && left < lifetime)
            {
                lifetime = left;
            }
        }

        return lifetime;
    }

    private long ToTimestampTicks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
