using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Authentication;

/// <summary>A personal key as it is on one request: with what it was granted and its owner may do now.</summary>
internal sealed class OwnedApiKey(VerifiedApiKey found, ScopeSet scopes) : VerifiedApiKey(found.Key, found.Secret, scopes)
{
    private readonly VerifiedApiKey _found = found;

    /// <summary>Gets the key as the cache holds it, with all that it was granted.</summary>
    public VerifiedApiKey Found => _found;

    public override ScopeSet Claimed => Scopes;

    public override object? Limits
    {
        get => _found.Limits;
        set => _found.Limits = value;
    }

    public override object? Uses
    {
        get => _found.Uses;
        set => _found.Uses = value;
    }

    /// <summary>Two schemes that read one key of a request find one key, which is charged once.</summary>
    public override bool Equals(object? obj) => obj is OwnedApiKey other && ReferenceEquals(_found, other._found);

    public override int GetHashCode() => _found.GetHashCode();
}
