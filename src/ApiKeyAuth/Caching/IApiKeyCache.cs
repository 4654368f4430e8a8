namespace ApiKeyAuth.Caching;

/// <summary>Defines how the cache in front of the stores is invalidated on this node.</summary>
public interface IApiKeyCache
{
    /// <summary>Removes a key and all unknown keys, and detaches the loads in flight, so that the next request queries the store.</summary>
    /// <remarks>A load that started before the call completes for the requests that wait for it, but its result is not cached.</remarks>
    /// <param name="keyId">The ID of the key.</param>
    void Invalidate(string keyId);

    /// <summary>Removes all keys.</summary>
    void InvalidateAll();
}
