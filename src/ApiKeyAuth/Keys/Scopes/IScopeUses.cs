namespace ApiKeyAuth.Keys;

/// <summary>Is told which scopes of a key were needed.</summary>
internal interface IScopeUses
{
    /// <summary>Notes that a request was let in for a scope its key holds.</summary>
    void Note(VerifiedApiKey verified, string scope);
}
