using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>A store whose keys can be made, changed and deleted. Each change and its audit entry are one transaction.</summary>
/// <remarks>
/// The manager is its only caller: it holds the rules, and tells the cache of every change. A method either does the whole of its work or
/// throws and has done nothing. Ids, hashes, tenants and names are compared ordinally, whatever the database's collation.
/// A value that the store cannot hold, such as one longer than its column, is a <see cref="System.Data.ConstraintException"/>, or a
/// <see cref="System.Data.Common.DbException"/> with a SQLSTATE of class 22 or 23: the caller gets 500. Other exceptions are outages: 503.
/// A store that implements <c>IApiKeyUsageStore</c> too has its keys' uses counted; in another they read as never used.
/// </remarks>
public interface IWritableApiKeyStore : IApiKeyStore
{
    /// <summary>Gets a key by its id with its usage, or null.</summary>
    ValueTask<ApiKey?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Lists keys with their usage, newest first and then by id, a page at a time.</summary>
    ValueTask<IReadOnlyList<ApiKey>> ListAsync(ApiKeyFilter filter, CancellationToken cancellationToken);

    /// <summary>Counts the keys of a filter, whatever its page.</summary>
    ValueTask<long> CountAsync(ApiKeyFilter filter, CancellationToken cancellationToken);

    /// <summary>Adds a key as version 1.</summary>
    /// <param name="key">The key with its secrets.</param>
    /// <param name="quotas">What may not be exceeded by it; counted in the same transaction.</param>
    /// <param name="audit">The entry written with it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    ValueTask<ApiKeyAddResult> AddAsync(
        ApiKey key, IReadOnlyList<ApiKeyQuota> quotas, ApiKeyAuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Replaces a key by a changed one of the same id, secrets included, and adds 1 to its version. Usage stays as it is.</summary>
    /// <param name="key">The key as it shall be, with the version it was read with.</param>
    /// <param name="audit">The entry written with it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>False, with nothing changed, where the key is gone or has another version, or a new hash is taken.</returns>
    ValueTask<bool> TryUpdateAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Deletes a key with its secrets and usage; its audit entries stay.</summary>
    /// <param name="key">The key with the version it was read with.</param>
    /// <param name="audit">The entry written with it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>False, with nothing changed, where the key is gone or has another version.</returns>
    ValueTask<bool> TryDeleteAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken);

    /// <summary>Lists audit entries, newest first, a page at a time.</summary>
    ValueTask<IReadOnlyList<ApiKeyAuditEntry>> ListAuditAsync(ApiKeyAuditFilter filter, CancellationToken cancellationToken);
}
