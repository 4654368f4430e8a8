namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Specifies what a request holds for a scheme, before anything is looked up.</summary>
internal enum CredentialKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A token that is not a key, such as a JWT, and belongs to another scheme.</summary>
    UnrecognizedToken,

    /// <summary>More than one key, or one source twice.</summary>
    Ambiguous,

    /// <summary>A key that matches none of the accepted formats.</summary>
    Malformed,

    /// <summary>A key of an accepted format.</summary>
    WellFormed,
}
