namespace ApiKeyAuth.Authorization;

/// <summary>Defines the scopes that an endpoint requires, as metadata for API descriptions and checks.</summary>
public interface IScopeMetadata
{
    /// <summary>Gets the required scopes. They are compared ordinally, and wildcards are literal.</summary>
    IReadOnlyList<string> Scopes { get; }

    /// <summary>Gets a value indicating whether one of the scopes is sufficient.</summary>
    bool Any { get; }
}
