using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>What came of a look-up: a key, the certainty that there is none, or neither because the store is down.</summary>
internal readonly record struct ApiKeyLookup(VerifiedApiKey? Found, bool IsUnavailable)
{
    public static readonly ApiKeyLookup NotFound = new(null, false);
    public static readonly ApiKeyLookup Unavailable = new(null, true);
}
