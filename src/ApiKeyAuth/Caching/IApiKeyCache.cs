namespace ApiKeyAuth.Caching;

/// <summary>The cache that stands before any store, as those see it who change keys.</summary>
public interface IApiKeyCache
{
    /// <summary>Forgets a key, every key remembered as unknown, and the loads in flight, so that the next request asks the store.</summary>
    /// <remarks>A load that began before the call gives its answer to those who waited for it and to nobody after.</remarks>
    void Invalidate(string keyId);

    /// <summary>Forgets everything.</summary>
    void InvalidateAll();
}
