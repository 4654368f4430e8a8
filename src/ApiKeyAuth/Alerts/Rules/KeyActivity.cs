using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Flushing;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Represents the keys that were used since the last evaluation.</summary>
internal sealed class KeyActivity
{
    // Other keys are evaluated when they are used again.
    private const int MaxKeys = 100_000;

    private readonly Lock _lock = new();
    private Dictionary<string, KeyActivityEntry> _entries = new(StringComparer.Ordinal);

    public KeyActivity(ApiKeyAlertOptions options, UsageFlusher flusher)
    {
        if (options.Enabled)
        {
            flusher.Stored += Record;
        }
    }

    /// <summary>Records the keys of a stored batch.</summary>
    private void Record(ApiKeyUsageBatch batch)
    {
        lock (_lock)
        {
            foreach (var use in batch.Records)
            {
                GetOrAdd(use.KeyId)?.Add(use);
            }
        }
    }

    /// <summary>Records the use of a test key on a live host.</summary>
    public void RecordTestKeyOnLiveHost(string keyId)
    {
        lock (_lock)
        {
            if (GetOrAdd(keyId) is { } seen)
            {
                seen.IsOnLiveHost = true;
            }
        }
    }

    /// <summary>Takes the recorded keys.</summary>
    public IReadOnlyDictionary<string, KeyActivityEntry> TakeAll()
    {
        lock (_lock)
        {
            var taken = _entries;
            _entries = new(StringComparer.Ordinal);
            return taken;
        }
    }

    private KeyActivityEntry? GetOrAdd(string keyId)
    {
        if (!_entries.TryGetValue(keyId, out var seen) && _entries.Count < MaxKeys)
        {
            _entries.Add(keyId, seen = new KeyActivityEntry());
        }

        return seen;
    }
}
