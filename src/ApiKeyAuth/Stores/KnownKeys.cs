using System.Collections.Concurrent;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.Caching.Memory;

namespace ApiKeyAuth.Stores;

/// <summary>The known keys: looked up by digest without a lock, dropped by key id, bounded in number.</summary>
/// <remarks>
/// A <see cref="MemoryCache"/> decides what goes when it is full; warm look-ups do not pass through it, because there they took ten times a
/// dictionary's time. It sees a use whenever a record is loaded anew, which is the recency it needs. All writes hold the gate.
/// </remarks>
internal sealed class KnownKeys : IDisposable
{
    private readonly ConcurrentDictionary<ApiKeyDigest, CachedApiKey> _byDigest = new();
    private readonly Dictionary<string, CachedApiKey> _byId = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly MemoryCache _bound;
    private readonly MemoryCacheEntryOptions _entry = new() { Size = 1 };

    public KnownKeys(int capacity, TimeSpan unusedLifetime)
    {
        _bound = new MemoryCache(new MemoryCacheOptions { SizeLimit = capacity });
        _entry.AbsoluteExpirationRelativeToNow = unusedLifetime;
        _entry.RegisterPostEvictionCallback(OnEvicted);
    }

    public bool TryGet(in ApiKeyDigest digest, out CachedApiKey? record) => _byDigest.TryGetValue(digest, out record);

    public void Put(CachedApiKey record)
    {
        lock (_gate)
        {
            if (_byDigest.TryGetValue(record.Digest, out var old))
            {
                Remove(old);
            }

            _byDigest[record.Digest] = record;
            record.Sibling = _byId.GetValueOrDefault(record.Key.Id);
            _byId[record.Key.Id] = record;
            _bound.Set(record, record, _entry);
        }
    }

    /// <summary>Drops every record of a key, whichever of its secrets it came by.</summary>
    public void RemoveKey(string id)
    {
        lock (_gate)
        {
            while (_byId.TryGetValue(id, out var record))
            {
                Remove(record);
            }
        }
    }

    public void Remove(in ApiKeyDigest digest)
    {
        lock (_gate)
        {
            if (_byDigest.TryGetValue(digest, out var record))
            {
                Remove(record);
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _byDigest.Clear();
            _byId.Clear();
            _bound.Clear();
        }
    }

    public void Dispose() => _bound.Dispose();

    private void Remove(CachedApiKey record)
    {
        if (!_byDigest.TryRemove(new(record.Digest, record)))
        {
            return;
        }

        Unlink(record);
        _bound.Remove(record);
    }

    private void Unlink(CachedApiKey record)
    {
        var id = record.Key.Id;
        var first = _byId[id];
        if (!ReferenceEquals(first, record))
        {
            while (!ReferenceEquals(first.Sibling, record))
            {
                first = first.Sibling!;
            }

            first.Sibling = record.Sibling;
        }
        else if (record.Sibling is { } next)
        {
            _byId[id] = next;
        }
        else
        {
            _byId.Remove(id);
        }
    }

    private void OnEvicted(object key, object? value, EvictionReason reason, object? state)
    {
        if (reason is EvictionReason.Capacity or EvictionReason.Expired)
        {
            lock (_gate)
            {
                Remove((CachedApiKey)key);
            }
        }
    }
}
