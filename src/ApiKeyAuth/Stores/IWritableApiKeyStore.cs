using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>A store whose keys can be made, changed and deleted.</summary>
/// <remarks>After a change, call <see cref="IApiKeyCache.Invalidate"/>, or requests may see the old key for its freshness (60 seconds by default).</remarks>
public interface IWritableApiKeyStore : IApiKeyStore
{
    /// <summary>Gets a key by its id, or null.</summary>
    ValueTask<ApiKey?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Adds a key.</summary>
    /// <returns>False, with nothing changed, where the id or one of the hashes is taken.</returns>
    ValueTask<bool> TryAddAsync(ApiKey key, CancellationToken cancellationToken);

    /// <summary>Replaces a key by a changed one of the same id, if it is still as it was read.</summary>
    /// <param name="current">The key as it was read from this store.</param>
    /// <param name="changed">The key as it shall be.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>False, with nothing changed, where the key is gone or was changed meanwhile, or a new hash is taken.</returns>
    ValueTask<bool> TryUpdateAsync(ApiKey current, ApiKey changed, CancellationToken cancellationToken);

    /// <summary>Deletes a key.</summary>
    /// <returns>False where there was none.</returns>
    ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken);

    /// <summary>Lists keys in the order of their ids, a page at a time.</summary>
    /// <param name="afterId">The last id of the page before, or null for the first page.</param>
    /// <param name="count">How many at the most, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    ValueTask<IReadOnlyList<ApiKey>> ListAsync(string? afterId, int count, CancellationToken cancellationToken);
}
