using ApiKeyAuth.Keys;

namespace ApiKeyAuth.InMemory;

/// <summary>Finds the IDs of keys by the prefixes of their salted hashes. It is not thread-safe.</summary>
internal sealed class InMemoryPrefixIndex
{
    private readonly Dictionary<string, Dictionary<ApiKeyHash, string>> _idsByPrefix = new(StringComparer.Ordinal);

    public IEnumerable<string> Find(IEnumerable<string> prefixes) => prefixes.Distinct(StringComparer.Ordinal)
        .SelectMany(prefix => _idsByPrefix.GetValueOrDefault(prefix)?.Values ?? Enumerable.Empty<string>())
        .Distinct(StringComparer.Ordinal);

    public void Add(ApiKeySecret secret, string keyId)
    {
        if (secret.SaltedHash is { } salted)
        {
            if (!_idsByPrefix.TryGetValue(salted.Prefix, out var ids))
            {
                _idsByPrefix.Add(salted.Prefix, ids = []);
            }

            ids[secret.Hash] = keyId;
        }
    }

    public void Remove(ApiKeySecret secret)
    {
        if (secret.SaltedHash is { } salted
            && _idsByPrefix.TryGetValue(salted.Prefix, out var ids)
            && ids.Remove(secret.Hash)
            && ids.Count == 0)
        {
            _idsByPrefix.Remove(salted.Prefix);
        }
    }
}
