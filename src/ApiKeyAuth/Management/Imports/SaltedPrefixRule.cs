using ApiKeyAuth.Authorization;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Imports;

/// <summary>Checks that the store finds a key with a salted hash by its prefix, and that few other keys have that prefix.</summary>
internal sealed class SaltedPrefixRule(IWritableApiKeyStore store, KeyCommands commands)
{
    private const int Max = SaltedKeyLoader.MaxCandidates;

    public static bool AppliesTo(ApiKey key) => GetPrefixes(key).Any();

    public static IEnumerable<string> GetPrefixes(ApiKey key) =>
        key.Secrets.Select(secret => secret.SaltedHash?.Prefix).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Returns a problem, or null if the key may be added.</summary>
    /// <param name="caller">The caller who imports the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">A token to cancel the query.</param>
    /// <param name="earlier">The number of keys with the same prefix that would be stored before this one.</param>
    public async Task<ApiKeyError?> FindProblemAsync(
        ApiKeyCaller caller, ApiKey key, CancellationToken cancellationToken, int earlier = 0)
    {
        foreach (var prefix in GetPrefixes(key))
        {
            if (store is not IPrefixApiKeyStore prefixes)
            {
                return Problems.Invalid("hashAlgorithm", "has salted hashes, which need a store that implements IPrefixApiKeyStore");
            }

            var (keys, problem) = await commands.TryCallStoreAsync(
                caller, token => prefixes.FindByPrefixAsync([prefix], Max, token), cancellationToken);
            if (problem is not null || keys!.Count + earlier >= Max)
            {
                return problem
                    ?? Problems.Conflict($"{Max} API keys already have the prefix of this one, and no more are verified; issue a new key");
            }
        }

        return null;
    }
}
