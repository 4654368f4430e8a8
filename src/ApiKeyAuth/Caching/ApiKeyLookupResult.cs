using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Caching;

/// <summary>Represents the result of a lookup: a key, no key, or neither because the store is unavailable.</summary>
internal readonly record struct ApiKeyLookupResult(VerifiedApiKey? Key, bool IsUnavailable)
{
    public static readonly ApiKeyLookupResult NotFound = new(null, false);
    public static readonly ApiKeyLookupResult Unavailable = new(null, true);
}
