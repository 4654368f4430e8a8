using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Authentication.Owners;

/// <summary>A personal key as it is on one request: with what it was granted and its owner may do now.</summary>
internal sealed class PersonalApiKey(VerifiedApiKey cachedKey, ScopeSet scopes) : VerifiedApiKey(cachedKey.Key, cachedKey.Secret, scopes)
{
    private readonly VerifiedApiKey _cachedKey = cachedKey;

    /// <summary>Gets the key as the cache holds it, with all that it was granted.</summary>
    public VerifiedApiKey CachedKey => _cachedKey;

    public override ScopeSet ClaimedScopes => Scopes;

    public override object? LimitState
    {
        get => _cachedKey.LimitState;
        set => _cachedKey.LimitState = value;
    }

    /// <summary>Two schemes that read one key of a request find one key, which is charged once.</summary>
    public override bool Equals(object? obj) => obj is PersonalApiKey other && ReferenceEquals(_cachedKey, other._cachedKey);

    public override int GetHashCode() => _cachedKey.GetHashCode();
}
