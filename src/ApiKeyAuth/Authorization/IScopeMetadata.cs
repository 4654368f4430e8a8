namespace ApiKeyAuth.Authorization;

/// <summary>Represents the scopes that an endpoint requires, as metadata that documents and checks can read.</summary>
public interface IScopeMetadata
{
    /// <summary>Gets the scopes, which are compared ordinally. A wildcard among them is literal.</summary>
    IReadOnlyList<string> Scopes { get; }

    /// <summary>Gets a value indicating whether one of the scopes is enough.</summary>
    bool Any { get; }
}
