using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Keeps keys in the memory of one process: for trying out, for tests, and for apps that issue keys anew at every start.</summary>
public sealed class InMemoryApiKeyStore : IWritableApiKeyStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, ApiKey> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<ApiKeyHash, ApiKey> _byHash = [];

    /// <inheritdoc/>
    public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        lock (_gate)
        {
            foreach (var hash in hashes)
            {
                if (_byHash.TryGetValue(hash, out var key))
                {
                    return ValueTask.FromResult<ApiKey?>(key);
                }
            }

            return ValueTask.FromResult<ApiKey?>(null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ApiKey?> GetAsync(string id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_byId.GetValueOrDefault(id));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryAddAsync(ApiKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (_gate)
        {
            if (_byId.ContainsKey(key.Id) || key.Secrets.Any(secret => _byHash.ContainsKey(secret.Hash)))
            {
                return ValueTask.FromResult(false);
            }

            Put(key);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryUpdateAsync(ApiKey current, ApiKey changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentOutOfRangeException.ThrowIfNotEqual(changed.Id, current.Id);
        lock (_gate)
        {
            if (!ReferenceEquals(_byId.GetValueOrDefault(current.Id), current)
                || changed.Secrets.Any(secret => _byHash.TryGetValue(secret.Hash, out var holder) && holder.Id != changed.Id))
            {
                return ValueTask.FromResult(false);
            }

            Remove(current);
            Put(changed);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out var key))
            {
                return ValueTask.FromResult(false);
            }

            Remove(key);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApiKey>> ListAsync(string? afterId, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1_000);
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ApiKey>>(
                [.. _byId.Values.SkipWhile(key => string.CompareOrdinal(key.Id, afterId) <= 0).Take(count)]);
        }
    }

    private void Put(ApiKey key)
    {
        _byId[key.Id] = key;
        foreach (var secret in key.Secrets)
        {
            _byHash[secret.Hash] = key;
        }
    }

    private void Remove(ApiKey key)
    {
        _byId.Remove(key.Id);
        foreach (var secret in key.Secrets)
        {
            _byHash.Remove(secret.Hash);
        }
    }
}
