using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Defines the lookup of a key by the hash of its secret. Verification needs nothing else from a store.</summary>
/// <remarks>
/// An app with a table of its own implements this one method. The cache in front of the store makes lookups fast, calls the store once per
/// key for any number of concurrent requests, and serves known keys during outages. The store is resolved in a scope of its own, so it may
/// be registered as scoped. Throw an exception if the lookup fails: null means that the key does not exist.
/// </remarks>
public interface IApiKeyStore
{
    /// <summary>Finds the key that has a secret with one of the hashes.</summary>
    /// <param name="hashes">The secret, hashed in every accepted way. There is more than one hash while peppers are retired.</param>
    /// <param name="cancellationToken">The token that is canceled when the store has taken too long.</param>
    /// <returns>
    /// The key with all its secrets, regardless of its status, or null if no key has the secret. If
    /// <see cref="ApiKey.ExpiresAfterIdleDays"/> is set, <see cref="ApiKey.LastUsedAt"/> must be set too; otherwise, the key expires
    /// although it is used.
    /// </returns>
    ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken);
}
