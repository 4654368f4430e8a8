namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>What a request holds for a scheme, before anything is looked up.</summary>
internal enum CredentialKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A Bearer value that is no key, such as a JWT: another scheme's.</summary>
    UnrecognizedToken,

    /// <summary>More than one key, or one source twice.</summary>
    Ambiguous,

    /// <summary>A key that no format accepts.</summary>
    Malformed,

    /// <summary>A key of an accepted format.</summary>
    WellFormed,
}
