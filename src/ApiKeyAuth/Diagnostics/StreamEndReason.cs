namespace ApiKeyAuth.Diagnostics;

/// <summary>Specifies why an open connection was ended.</summary>
internal enum StreamEndReason
{
    Revoked,

    /// <summary>The key, or the secret that opened the connection, no longer exists in the store.</summary>
    NotFound,
    Disabled,

    /// <summary>The key is not active for another reason.</summary>
    Inactive,
    Expired,
    SecretRetired,
    InsufficientScope,
    WrongNetwork,
    WrongAudience,
    WrongEnvironment,
    OwnerGone,

    /// <summary>The store or the permissions of the owner could not be read in time.</summary>
    Unconfirmed,
}
