using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management.Imports;

/// <summary>Finds keys that occur twice in one import, which the store does not see while nothing is stored.</summary>
internal sealed class SeenKeys
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<ApiKeyHash> _hashes = [];
    private readonly Dictionary<string, int> _prefixes = new(StringComparer.Ordinal);

    /// <summary>Adds the ID of a key, or returns false if an earlier key has it.</summary>
    public bool AddId(ApiKey key) => _ids.Add(key.Id);

    /// <summary>Adds the hashes of a key, or returns false if an earlier key has one of them.</summary>
    public bool AddHashes(ApiKey key) => key.Secrets.All(secret => _hashes.Add(secret.Hash));

    /// <summary>Adds the prefixes of the salted hashes of a key, and returns how many earlier keys have the most frequent one.</summary>
    public int AddPrefixes(ApiKey key) => SaltedPrefixRule.GetPrefixes(key).Select(AddPrefix).DefaultIfEmpty().Max();

    private int AddPrefix(string prefix)
    {
        var earlier = _prefixes.GetValueOrDefault(prefix);
        _prefixes[prefix] = earlier + 1;
        return earlier;
    }
}
