namespace ApiKeyAuth.Diagnostics;

/// <summary>Specifies why an open connection was ended.</summary>
internal enum StreamEndReason
{
    Revoked,

    /// <summary>The key, or the secret with which the connection was opened, is no longer in the store.</summary>
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

    /// <summary>Neither the store nor the permissions of the owner could be read in time.</summary>
    Unconfirmed,
}
