namespace ApiKeyAuth.Caching;

/// <summary>Invalidates changed keys on every node. Apps that change keys in a store of their own call it.</summary>
/// <remarks><see cref="Management.ApiKeyManager"/> calls it after each of its changes.</remarks>
public interface IApiKeyInvalidator
{
    /// <summary>Gets whether there is a backplane. Without one, other nodes apply a change when their cached key expires.</summary>
    bool HasBackplane { get; }

    /// <summary>Removes a key from the caches of all nodes, and waits until no node can admit a request with its old state.</summary>
    /// <remarks>Call it after the change is stored. It takes at most one lease, and usually a round trip to the other nodes.</remarks>
    /// <param name="keyId">The ID of the key.</param>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>
    /// True if the invalidation was published; false if the backplane could not be reached within one lease. Publishing is then retried in
    /// the background.
    /// </returns>
    Task<bool> InvalidateAsync(string keyId, CancellationToken cancellationToken = default);
}
