using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Authentication.Owners;

/// <summary>Represents a personal key during one request, with the granted scopes that its owner currently holds.</summary>
internal sealed class PersonalApiKey(VerifiedApiKey cachedKey, ScopeSet scopes) : VerifiedApiKey(cachedKey.Key, cachedKey.Secret, scopes)
{
    private readonly VerifiedApiKey _cachedKey = cachedKey;

    /// <summary>Gets the key from the cache, with all granted scopes.</summary>
    public VerifiedApiKey CachedKey => _cachedKey;

    public override ScopeSet ClaimedScopes => Scopes;

    public override IKeyLimits? Limits
    {
        get => _cachedKey.Limits;
        set => _cachedKey.Limits = value;
    }

    /// <summary>Determines whether both are the same cached key. If two schemes read the key of a request, it is charged once.</summary>
    public override bool Equals(object? obj) => obj is PersonalApiKey other && ReferenceEquals(_cachedKey, other._cachedKey);

    public override int GetHashCode() => _cachedKey.GetHashCode();
}
