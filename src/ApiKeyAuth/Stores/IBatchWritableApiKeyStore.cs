using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Represents a store that adds many keys in one transaction.</summary>
/// <remarks>
/// Implementing it is optional. An import then adds up to 2,000 keys at a time, unless a quota is set. Otherwise, each key is one call to
/// <see cref="IWritableApiKeyStore.AddAsync"/>.
/// </remarks>
public interface IBatchWritableApiKeyStore : IWritableApiKeyStore
{
    /// <summary>Determines which of some keys could be added together. Nothing is changed.</summary>
    /// <param name="keys">The keys with their secrets, at most 2,000.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>
    /// One result per key, in the same order. A key that has the ID or a hash of an earlier one in the list cannot be added.
    /// </returns>
    ValueTask<IReadOnlyList<ApiKeyAddResult>> CheckManyAsync(IReadOnlyList<ApiKey> keys, CancellationToken cancellationToken);

    /// <summary>Adds keys with version 1: all of them, or none.</summary>
    /// <param name="keys">The keys with their secrets, at most 2,000.</param>
    /// <param name="audit">The audit entry of each key, in the same order, to add in the same transaction.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>
    /// One result per key, as <see cref="CheckManyAsync"/> returns it. All keys were added if every result is
    /// <see cref="ApiKeyAddResult.Added"/>; otherwise, none was added.
    /// </returns>
    ValueTask<IReadOnlyList<ApiKeyAddResult>> AddManyAsync(
        IReadOnlyList<ApiKey> keys, IReadOnlyList<ApiKeyAuditEntry> audit, CancellationToken cancellationToken);
}
