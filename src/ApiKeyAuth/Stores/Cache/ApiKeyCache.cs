using System.Net;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Stores;

/// <summary>Stands before any store: warm keys without a lock, one load in flight per key, and nothing published after an invalidation.</summary>
/// <remarks>
/// It answers from what it keeps while the node's lease is held. Outside it another node may have changed any key: the store is asked for each
/// request, and no request joins a load that began before it came, so that the answer to a change binds every request after it. What such loads
/// find is kept; the lease is held again only once all changes were acted on.
/// </remarks>
internal sealed class ApiKeyCache(
    ApiKeyLoader loader, ScopeCatalogue catalogue, ApiKeyCacheOptions options, NodeLease lease, TimeProvider clock, ApiKeyMetrics metrics,
    ILogger<ApiKeyCache> logger, TaskScheduler? scheduler = null)
    : IApiKeyCache, IDisposable
{
    private readonly KnownKeys _known = new(options.MaxKnownKeys);
    private readonly UnknownKeys _unknown = new(options.MaxUnknownKeys, options.UnknownKeyLifetime, clock);
    private readonly SharedScopes _scopes = new(catalogue);
    private readonly SharedLists<RateLimit> _limits = new();
    private readonly SharedLists<IPNetwork> _networks = new();
    private readonly SharedLists<string> _audiences = new();
    private readonly Lock _gate = new();

    // Replaced as a whole by an invalidation: a load that is in no current dictionary publishes nothing.
    private Dictionary<SecretTag, Task<ApiKeyLookup>> _loads = [];

    // The loads that begin when the one before them ends.
    private readonly Dictionary<SecretTag, Task<ApiKeyLookup>> _queued = [];

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
    public bool TryRecall(in SecretTag tag, long now, out ApiKeyLookup lookup)
    {
        var isKept = IsKept(tag, now, out lookup);
        metrics.CacheLookup(!isKept ? "miss" : lookup.Found is null ? "unknown" : "known");
        return isKept;
    }

    /// <summary>Has the stores asked for what was not recalled. Giving up does not end the load that others wait for.</summary>
    /// <param name="tag">The secret's tag.</param>
    /// <param name="digest">The secret's SHA-256.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    public Task<ApiKeyLookup> LoadAsync(in SecretTag tag, byte[] digest, CancellationToken cancellationToken) =>
        JoinLoad(tag, digest).WaitAsync(cancellationToken);

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
    public bool Holds(CachedApiKey record, long now) =>
        lease.IsHeld(now) && _known.TryGet(record.Tag, out var known) && ReferenceEquals(known, record) && record.IsFresh(now);

    /// <inheritdoc/>
    public void Dispose() => _unknown.Dispose();

    /// <summary>Looks at the lease first, and only then at what is kept.</summary>
    /// <remarks>
    /// The other way round, a thread that is held up in between could take a record, let the beat of a node that stood still drop it and
    /// prolong the lease, and then find the lease held: the old record would be served long after the change was answered.
    /// </remarks>
    private bool IsKept(in SecretTag tag, long now, out ApiKeyLookup lookup)
    {
        if (!lease.IsHeld(now))
        {
            lookup = default;
            return false;
        }

        var isKnown = _known.TryGet(tag, out var record);
        lookup = new ApiKeyLookup(record, false);
        if (isKnown)
        {
            Prefetch.PartsOf(record!);
        }

        return isKnown ? record!.IsFresh(now) : _unknown.Contains(tag);
    }

    private Task<ApiKeyLookup> JoinLoad(SecretTag tag, byte[] digest)
    {
        lock (_gate)
        {
            // The load that a caller missed may have ended just before it came here.
            var now = clock.GetTimestamp();
            if (IsKept(tag, now, out var lookup))
            {
                return Task.FromResult(lookup);
            }

            var isLoading = _loads.TryGetValue(tag, out var load);
            return isLoading && lease.IsHeld(now) ? load!
                : _queued.TryGetValue(tag, out var queued) ? queued
                : isLoading ? Queue(tag, digest, load!)
                : Begin(tag, digest);
        }
    }

    private Task<ApiKeyLookup> Begin(SecretTag tag, byte[] digest)
    {
        var loads = _loads;
        var load = Run(() => AskAsync(tag, digest, loads));
        loads.Add(tag, load);
        return load;
    }

    private Task<ApiKeyLookup> Queue(SecretTag tag, byte[] digest, Task<ApiKeyLookup> before)
    {
        var next = Run(() => AskNextAsync(tag, digest, before));
        _queued.Add(tag, next);
        return next;
    }

    /// <summary>Runs apart from the first caller: neither its cancellation nor its ambient state (HttpContext, Activity) goes along.</summary>
    private Task<ApiKeyLookup> Run(Func<Task<ApiKeyLookup>> load)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Factory.StartNew(load, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler ?? TaskScheduler.Default).Unwrap();
        }
    }

    private async Task<ApiKeyLookup> AskNextAsync(SecretTag tag, byte[] digest, Task<ApiKeyLookup> before)
    {
        // However the one before ended.
        await Task.WhenAny(before);
        Dictionary<SecretTag, Task<ApiKeyLookup>> loads;
        lock (_gate)
        {
            loads = _loads;
            _queued.Remove(tag, out var self);
            loads.TryAdd(tag, self!);
        }

        return await AskAsync(tag, digest, loads);
    }

    private async Task<ApiKeyLookup> AskAsync(SecretTag tag, byte[] digest, Dictionary<SecretTag, Task<ApiKeyLookup>> loads)
    {
        var loaded = await loader.LoadAsync(digest);
        lock (_gate)
        {
            var isCurrent = ReferenceEquals(loads, _loads);
            loads.Remove(tag);
            return loaded.Failed ? ServeStale(tag)
                : loaded.Key is null ? RememberUnknown(tag, isCurrent)
                : RememberKnown(tag, loaded.Key, loaded.Secret!, isCurrent);
        }
    }

    private ApiKeyLookup RememberKnown(in SecretTag tag, ApiKey key, ApiKeySecret secret, bool isCurrent)
    {
        var now = clock.GetTimestamp();
        var fresh = FreshLifetime(key, secret);
        var (granted, expanded) = _scopes.Share(key.Scopes);
        var shared = key with
        {
            Scopes = granted,
            RateLimits = _limits.Share(key.RateLimits),
            Networks = _networks.Share(key.Networks),
            Audiences = _audiences.Share(key.Audiences),
        };
        var record = new CachedApiKey(tag, shared, secret, expanded, now + Ticks(fresh), now + Ticks(fresh + options.MaxStaleness));
        if (isCurrent)
        {
            _known.Put(record, now);
        }

        return new ApiKeyLookup(record, false);
    }

    private ApiKeyLookup RememberUnknown(in SecretTag tag, bool isCurrent)
    {
        if (isCurrent)
        {
            _known.Remove(tag);
            _unknown.Put(tag);
        }

        return ApiKeyLookup.NotFound;
    }

    /// <summary>Answers from what is kept: also for a load that an invalidation detached, because what is kept came through it or after it.</summary>
    private ApiKeyLookup ServeStale(in SecretTag tag)
    {
        var now = clock.GetTimestamp();
        if (!lease.IsHeld(now) || !_known.TryGet(tag, out var record) || now >= record!.ServeUntil)
        {
            return ApiKeyLookup.Unavailable;
        }

        if (!record.IsFresh(now))
        {
            record.PutOff(now + Ticks(options.StoreTimeout));
            metrics.ServedStale();
            Log.ServedStale(logger, record.Key.Id);
        }

        return new ApiKeyLookup(record, false);
    }

    /// <summary>An entry never outlives the key or the secret it was loaded for; a key that ended before is remembered as such for the usual time.</summary>
    private TimeSpan FreshLifetime(ApiKey key, ApiKeySecret secret)
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

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
