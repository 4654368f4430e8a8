using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Represents a store that finds the keys of many secrets in one query.</summary>
/// <remarks>
/// Implementing it is optional. After a start or an invalidation of all keys, many different keys miss the cache at once. Waiting lookups
/// are passed to the store together if every store of the app implements this interface. Otherwise, each lookup is one call to
/// <see cref="IApiKeyStore.FindAsync"/>.
/// </remarks>
public interface IBatchApiKeyStore : IApiKeyStore
{
    /// <summary>Finds the key of each lookup, as <see cref="IApiKeyStore.FindAsync"/> would.</summary>
    /// <param name="lookups">The lookups, at most 256. Each holds one secret, hashed in every accepted way.</param>
    /// <param name="cancellationToken">The token that is canceled when the store has taken too long.</param>
    /// <returns>One result per lookup, in the same order: the key with all its secrets, regardless of its status, or null.</returns>
    ValueTask<IReadOnlyList<ApiKey?>> FindManyAsync(IReadOnlyList<IReadOnlyList<ApiKeyHash>> lookups, CancellationToken cancellationToken);
}
