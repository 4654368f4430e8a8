using System.Collections.Concurrent;
using ApiKeyAuth.Connections.Checks;

namespace ApiKeyAuth.Connections;

/// <summary>Provides the open connections by key.</summary>
internal sealed class OpenStreams(StreamTimings timings)
{
    private readonly StreamTimings _timings = timings;
    private readonly ConcurrentDictionary<string, KeyStreams> _keys = new(StringComparer.Ordinal);

    /// <summary>Gets a value indicating whether no connection is open.</summary>
    public bool IsEmpty => _keys.IsEmpty;

    /// <summary>Gets the keys with open connections. Keys may be added and removed during enumeration.</summary>
    public IEnumerable<KeyStreams> Keys => _keys.Select(pair => pair.Value);

    /// <summary>Returns the open connections of a key, or null if it has none.</summary>
    public KeyStreams? Find(string keyId) => _keys.GetValueOrDefault(keyId);

    /// <summary>Adds a connection.</summary>
    /// <returns>The open connections of its key.</returns>
    public KeyStreams Add(OpenStream stream, long now)
    {
        while (true)
        {
            var key = _keys.GetOrAdd(stream.Verified.Key.Id, static (id, owner) => new KeyStreams(id, owner, owner._timings), this);
            if (key.TryAdd(stream, now))
            {
                return key;
            }

            _keys.TryRemove(KeyValuePair.Create(key.KeyId, key));
        }
    }

    /// <summary>Removes a closed connection. Does nothing if it was removed before.</summary>
    public static void Remove(OpenStream stream)
    {
        for (var each = stream; each is not null; each = each.Sibling)
        {
            each.MarkClosed();
            if (each.KeyStreams is { } key && key.Remove(each))
            {
                key.OpenStreams._keys.TryRemove(KeyValuePair.Create(key.KeyId, key));
            }
        }
    }
}
