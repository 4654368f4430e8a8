using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Finds keys by the hash of their secret: all that verification needs of a store.</summary>
/// <remarks>
/// An app with a table of its own implements this one method; the cache in front of it sees to speed, to one look-up per key whatever the
/// number of callers, and to outages. The store is resolved in a scope of its own, so it may be scoped. Throw when the answer is not known:
/// null means that no such key exists.
/// </remarks>
public interface IApiKeyStore
{
    /// <summary>Finds the key that has a secret with one of the hashes.</summary>
    /// <param name="hashes">The same secret hashed in every way that is accepted: more than one while peppers are retired.</param>
    /// <param name="cancellationToken">Set when the store has taken too long.</param>
    /// <returns>The key with all its secrets, whatever its status, or null.</returns>
    ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken);
}
