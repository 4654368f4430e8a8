namespace ApiKeyAuth.Authorization;

/// <summary>The scopes that an endpoint needs, as metadata that documents and checks can read.</summary>
public interface IScopeMetadata
{
    /// <summary>The scopes, compared ordinally; a wildcard among them is literal.</summary>
    IReadOnlyList<string> Scopes { get; }

    /// <summary>Whether one of them is enough.</summary>
    bool Any { get; }
}
