using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>
/// Defines an <see cref="IWritableApiKeyStore"/> that can list keys in another order than newest first. It is optional for a store.
/// </summary>
public interface IOrderedApiKeyStore
{
    /// <summary>Lists a page of keys with their usage in an order.</summary>
    /// <param name="filter">The filter, without a last key of the previous page.</param>
    /// <param name="order">The order.</param>
    /// <param name="skip">The number of matching keys before the page.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    ValueTask<IReadOnlyList<ApiKey>> ListOrderedAsync(
        ApiKeyFilter filter, ApiKeyOrder order, int skip, CancellationToken cancellationToken);
}
