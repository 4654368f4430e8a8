using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Caching.Loading;

/// <summary>Represents the result of a load: a key with the secret that was looked up, no key (the default), or a failure.</summary>
internal readonly record struct LoadedApiKey(ApiKey? Key, ApiKeySecret? Secret, bool IsFailed)
{
    public static readonly LoadedApiKey Failure = new(null, null, IsFailed: true);
}
