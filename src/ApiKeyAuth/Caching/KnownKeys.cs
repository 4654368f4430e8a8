using System.Collections.Concurrent;

namespace ApiKeyAuth.Caching;

/// <summary>Caches known keys up to a maximum. They are read by tag without a lock; writers hold the lock of the cache.</summary>
/// <remarks>
/// When it is full, the entry that was loaded first is removed. A key in use is loaded again after each lifetime, so this approximates LRU.
/// Entries are linked to one another because a <c>MemoryCache</c> entry with its callback took 300 bytes per key.
/// </remarks>
internal sealed class KnownKeys(int capacity)
{
    private readonly ConcurrentDictionary<SecretTag, CachedApiKey> _byTag = new();
    private readonly Dictionary<string, CachedApiKey> _byId = new(StringComparer.Ordinal);
    private CachedApiKey? _oldest;
    private CachedApiKey? _newest;

    /// <summary>Gets the number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the number of different keys.</summary>
    public int KeyCount => _byId.Count;

    public bool TryGet(in SecretTag tag, out CachedApiKey? record) => _byTag.TryGetValue(tag, out record);

    /// <summary>Adds an entry, replaces the one with the same tag, and removes expired entries and those above the maximum.</summary>
    public void Put(CachedApiKey record, long now)
    {
        Remove(record.Tag);
        while (_oldest is { } oldest && (Count >= capacity || now >= oldest.ServeUntil))
        {
            Remove(oldest);
        }

        _byTag[record.Tag] = record;
        record.Sibling = _byId.GetValueOrDefault(record.Key.Id);
        _byId[record.Key.Id] = record;
        Append(record);
    }

    /// <summary>Removes the entries of all secrets of a key.</summary>
    public void RemoveKey(string id)
    {
        while (_byId.TryGetValue(id, out var record))
        {
            Remove(record);
        }
    }

    public void Remove(in SecretTag tag)
    {
        if (_byTag.TryGetValue(tag, out var record))
        {
            Remove(record);
        }
    }

    public void Clear()
    {
        _byTag.Clear();
        _byId.Clear();

        // An open connection may hold an entry for hours, which must not keep all the others in memory.
        while (_oldest is { } record)
        {
            Unlink(record);
            record.Sibling = null;
        }
    }

    private void Remove(CachedApiKey record)
    {
        _byTag.TryRemove(record.Tag, out _);
        RemoveFromIdIndex(record);
        Unlink(record);
    }

    private void RemoveFromIdIndex(CachedApiKey record)
    {
        var id = record.Key.Id;
        var previous = _byId[id];
        if (!ReferenceEquals(previous, record))
        {
            while (!ReferenceEquals(previous.Sibling, record))
            {
                previous = previous.Sibling!;
            }

            previous.Sibling = record.Sibling;
        }
        else if (record.Sibling is { } next)
        {
            _byId[id] = next;
        }
        else
        {
            _byId.Remove(id);
        }

        record.Sibling = null;
    }

    private void Append(CachedApiKey record)
    {
        record.Older = _newest;
        if (_newest is null)
        {
            _oldest = record;
        }
        else
        {
            _newest.Newer = record;
        }

        _newest = record;
        Count++;
    }

    private void Unlink(CachedApiKey record)
    {
        var (older, newer) = (record.Older, record.Newer);
        if (older is null)
        {
            _oldest = newer;
        }
        else
        {
            older.Newer = newer;
        }

        if (newer is null)
        {
            _newest = older;
        }
        else
        {
            newer.Older = older;
        }

        record.Older = record.Newer = null;
        Count--;
    }
}
