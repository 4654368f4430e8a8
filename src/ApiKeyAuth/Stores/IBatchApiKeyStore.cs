using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Represents a store that finds the keys of many secrets in one query.</summary>
/// <remarks>
/// Optional. After a start or an invalidation of everything, many different keys miss the cache at once. Lookups that wait for their turn
/// are passed to the store together if every store of the app implements this interface; otherwise each of them is one call of
/// <see cref="IApiKeyStore.FindAsync"/>.
/// </remarks>
public interface IBatchApiKeyStore : IApiKeyStore
{
    /// <summary>Finds the key of each lookup, as <see cref="IApiKeyStore.FindAsync"/> would.</summary>
    /// <param name="lookups">The lookups, at most 256; each holds the same secret hashed in every way that is accepted.</param>
    /// <param name="cancellationToken">The token that is canceled when the store has taken too long.</param>
    /// <returns>One result for each lookup, in their order: the key with all its secrets, whatever its status, or null.</returns>
    ValueTask<IReadOnlyList<ApiKey?>> FindManyAsync(IReadOnlyList<IReadOnlyList<ApiKeyHash>> lookups, CancellationToken cancellationToken);
}
