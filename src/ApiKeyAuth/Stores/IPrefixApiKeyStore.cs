using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Represents a store that finds keys by the prefix of a salted hash of another system.</summary>
/// <remarks>
/// Implementing it is optional. It is only called if the app has a <see cref="Keys.Hashes.SaltedApiKeyHashAlgorithm"/>, for a key that
/// no store finds by its hash. Prefixes are compared ordinally and need an index, because anyone can cause such a lookup.
/// </remarks>
public interface IPrefixApiKeyStore : IApiKeyStore
{
    /// <summary>Finds the keys that have a secret whose <see cref="ApiKeySecret.SaltedHash"/> has one of the prefixes.</summary>
    /// <param name="prefixes">The prefixes, usually one.</param>
    /// <param name="limit">The maximum number of keys.</param>
    /// <param name="cancellationToken">The token that is canceled when the store has taken too long.</param>
    /// <returns>The keys with all their secrets, regardless of their status, as <see cref="IApiKeyStore.FindAsync"/> would.</returns>
    ValueTask<IReadOnlyList<ApiKey>> FindByPrefixAsync(
        IReadOnlyList<string> prefixes, int limit, CancellationToken cancellationToken);
}
