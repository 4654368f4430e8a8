using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Caching;

/// <summary>What came of a look-up: a key, the certainty that there is none, or neither because the store is down.</summary>
internal readonly record struct ApiKeyLookupResult(VerifiedApiKey? Key, bool IsUnavailable)
{
    public static readonly ApiKeyLookupResult NotFound = new(null, false);
    public static readonly ApiKeyLookupResult Unavailable = new(null, true);
}
