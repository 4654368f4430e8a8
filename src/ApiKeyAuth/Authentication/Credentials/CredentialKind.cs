namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Specifies the kind of credential that a request contains for a scheme. The kind is known before the key is looked up.</summary>
internal enum CredentialKind
{
    /// <summary>The request contains no credential.</summary>
    None,

    /// <summary>The credential is a token that is not a key, such as a JWT. It belongs to another scheme.</summary>
    UnrecognizedToken,

    /// <summary>The request contains more than one key, or the same source twice.</summary>
    Ambiguous,

    /// <summary>The credential does not match any accepted key format.</summary>
    Malformed,

    /// <summary>The credential matches an accepted key format.</summary>
    WellFormed,
}
