using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Usage;

/// <summary>The keys that were used since they were last looked at.</summary>
internal sealed class SeenKeys(ApiKeyAlertOptions options)
{
    // More are looked at when they are used next.
    private const int Most = 100_000;

    private readonly Lock _gate = new();
    private Dictionary<string, SeenKey> _keys = new(StringComparer.Ordinal);

    public bool IsOn => options.Enabled;

    /// <summary>Notes what a stored batch says of its keys.</summary>
    public void Note(ApiKeyUsageBatch batch)
    {
        if (!IsOn)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var use in batch.Uses)
            {
                Of(use.KeyId)?.Add(use);
            }
        }
    }

    /// <summary>Notes a use of a test key on a live host.</summary>
    public void NoteOnLiveHost(string keyId)
    {
        lock (_gate)
        {
            if (Of(keyId) is { } seen)
            {
                seen.IsOnLiveHost = true;
            }
        }
    }

    /// <summary>Takes what was noted.</summary>
    public IReadOnlyDictionary<string, SeenKey> Take()
    {
        lock (_gate)
        {
            var taken = _keys;
            _keys = new(StringComparer.Ordinal);
            return taken;
        }
    }

    private SeenKey? Of(string keyId)
    {
        if (!_keys.TryGetValue(keyId, out var seen) && _keys.Count < Most)
        {
            _keys.Add(keyId, seen = new SeenKey());
        }

        return seen;
    }
}
