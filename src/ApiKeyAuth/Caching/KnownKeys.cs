using System.Collections.Concurrent;

namespace ApiKeyAuth.Caching;

/// <summary>The known keys: looked up by tag without a lock, dropped by key id, bounded in number. Writers hold the cache's gate.</summary>
/// <remarks>
/// When it is full, the record goes that was loaded longest ago: a key in use is loaded anew with every lifetime, which is the recency this
/// needs. Records are linked to one another and not wrapped, because a <c>MemoryCache</c> entry with its callback took 300 bytes a key.
/// </remarks>
internal sealed class KnownKeys(int capacity)
{
    private readonly ConcurrentDictionary<SecretTag, CachedApiKey> _byTag = new();
    private readonly Dictionary<string, CachedApiKey> _byId = new(StringComparer.Ordinal);
    private CachedApiKey? _oldest;
    private CachedApiKey? _newest;

    /// <summary>How many records there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many keys they are of.</summary>
    public int KeyCount => _byId.Count;

    public bool TryGet(in SecretTag tag, out CachedApiKey? record) => _byTag.TryGetValue(tag, out record);

    /// <summary>Adds a record in place of the one with its digest, and drops what is too old or too much.</summary>
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

    /// <summary>Drops every record of a key, whichever of its secrets it came by.</summary>
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

        // A connection may hold one record for hours, which must not hold all the others.
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
        var before = _byId[id];
        if (!ReferenceEquals(before, record))
        {
            while (!ReferenceEquals(before.Sibling, record))
            {
                before = before.Sibling!;
            }

            before.Sibling = record.Sibling;
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
