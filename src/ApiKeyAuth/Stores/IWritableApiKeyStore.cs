using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Defines a store whose keys can be added, changed and deleted. Each change and its audit entry are one transaction.</summary>
/// <remarks>
/// <c>ApiKeyManager</c> is the only caller: it enforces the rules and invalidates the cache after every change. A method
/// either completes or throws without having changed anything. IDs, hashes, tenants and names are compared ordinally, regardless of the
/// collation of the database.
/// If the store cannot hold a value, for example because it is longer than its column, throw a
/// <see cref="System.Data.ConstraintException"/> or a <see cref="System.Data.Common.DbException"/> with a SQLSTATE of class 22 or 23; the
/// caller then gets 500. Other exceptions are treated as outages and return 503.
/// Usage is counted if the store also implements <c>IApiKeyUsageStore</c>. In other stores, keys appear as never used.
/// </remarks>
public interface IWritableApiKeyStore : IApiKeyStore
{
    /// <summary>Gets a key and its usage by its ID.</summary>
    /// <returns>The key, or null if it does not exist.</returns>
    ValueTask<ApiKey?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Lists a page of keys with their usage, newest first and then by ID.</summary>
    ValueTask<IReadOnlyList<ApiKey>> ListAsync(ApiKeyFilter filter, CancellationToken cancellationToken);

    /// <summary>Counts the keys that match a filter, regardless of its page.</summary>
    ValueTask<long> CountAsync(ApiKeyFilter filter, CancellationToken cancellationToken);

    /// <summary>Adds a key with version 1.</summary>
    /// <param name="key">The key with its secrets.</param>
    /// <param name="quotas">The quotas to check in the same transaction.</param>
    /// <param name="audit">The audit entry to add in the same transaction.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    ValueTask<ApiKeyAddResult> AddAsync(
        ApiKey key, IReadOnlyList<ApiKeyQuota> quotas, ApiKeyAuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Replaces the key that has the same ID, including its secrets, and increments its version. Usage does not change.</summary>
    /// <param name="key">The new values of the key, with the version that was read.</param>
    /// <param name="audit">The audit entry to add in the same transaction.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>
    /// True if the key was replaced; false, with nothing changed, if it does not exist, has another version, or a new hash belongs to
    /// another key.
    /// </returns>
    ValueTask<bool> TryUpdateAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Deletes a key with its secrets and usage. Its audit entries remain.</summary>
    /// <param name="key">The key, with the version that was read.</param>
    /// <param name="audit">The audit entry to add in the same transaction.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>True if the key was deleted; false, with nothing changed, if it does not exist or has another version.</returns>
    ValueTask<bool> TryDeleteAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Lists a page of audit entries, newest first.</summary>
    ValueTask<IReadOnlyList<ApiKeyAuditEntry>> ListAuditAsync(ApiKeyAuditFilter filter, CancellationToken cancellationToken);
}
