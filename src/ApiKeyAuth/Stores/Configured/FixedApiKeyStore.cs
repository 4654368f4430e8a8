using System.Collections.Frozen;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Stores.Configured;

/// <summary>Provides the keys that the app adds in code. They are checked once at startup, like keys in the configuration.</summary>
internal sealed class FixedApiKeyStore : IApiKeyStore
{
    private readonly FrozenDictionary<ApiKeyHash, ApiKey> _keys;

    /// <exception cref="OptionsValidationException">A key is invalid. The message lists all problems.</exception>
    public FixedApiKeyStore(
        IEnumerable<ApiKey> keys, ApiKeyFormats formats, ApiKeyHasher hasher, ScopeCatalog catalog, ConfigurationApiKeyStore? configured)
    {
        var problems = new List<string>();
        var ids = new HashSet<string>(configured?.Ids ?? [], StringComparer.Ordinal);
        var byHash = new Dictionary<ApiKeyHash, ApiKey>();
        foreach (var (index, key) in keys.Index())
        {
            void Problem(string text) => problems.Add($"The key {index + 1} of AddKeys {text}");
            if (key.Id.Length is 0 or > 200 || DisplayText.IsMisleading(key.Id))
            {
                Problem("does not have a valid ID; give every key a stable ID of 1 to 200 characters.");
            }
            else if (formats.Redact(key.Id) != key.Id)
            {
                Problem("has an ID that contains a secret, which logs and claims would show; "
                    + "issue a new key because this one was exposed.");
            }
            else if (!ids.Add(key.Id))
            {
                Problem("has the ID of another key; IDs must be unique, also among the keys in the configuration.");
            }

            if (key.Secrets.Count == 0)
            {
                Problem("has no secret; add one with its Hash, such as ApiKeyHash.Parse(\"sha256:…\").");
            }

            if (key.Scopes.Any(scope => !catalog.IsGrantable(scope)))
            {
                Problem("has a scope that the catalog does not contain; declare it in Scopes.");
            }

            foreach (var secret in key.Secrets)
            {
                if (!hasher.CanFind(secret.Hash))
                {
                    Problem("has a hash that is never looked up; add its pepper to Peppers, "
                        + "or set AcceptUnpepperedHashes for a plain hash.");
                }

                if (!byHash.TryAdd(secret.Hash, key) || configured?.ContainsHash(secret.Hash) == true)
                {
                    Problem("has the secret of another key; every secret must be unique.");
                }
            }
        }

        if (problems.Count > 0)
        {
            throw new OptionsValidationException("AddKeys", typeof(ApiKey), problems);
        }

        _keys = byHash.ToFrozenDictionary();
    }

    /// <inheritdoc/>
    public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        var hash = hashes.FirstOrDefault(_keys.ContainsKey);
        return ValueTask.FromResult(hash is null ? null : _keys[hash]);
    }
}
