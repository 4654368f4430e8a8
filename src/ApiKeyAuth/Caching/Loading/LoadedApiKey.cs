using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Caching.Loading;

/// <summary>A store's answer: a key with the secret that was asked for, nothing (the default), or a failure.</summary>
internal readonly record struct LoadedApiKey(ApiKey? Key, ApiKeySecret? Secret, bool IsFailed)
{
    public static readonly LoadedApiKey Failure = new(null, null, IsFailed: true);
}
