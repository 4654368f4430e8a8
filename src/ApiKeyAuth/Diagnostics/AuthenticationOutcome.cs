namespace ApiKeyAuth.Diagnostics;

/// <summary>Specifies the outcome of an authentication for operators. The response to the caller shows less detail.</summary>
internal enum AuthenticationOutcome
{
    Accepted,
    Ambiguous,
    Malformed,
    Unknown,
    Revoked,
    Disabled,
    Pending,
    Expired,
    Idle,
    SecretRetired,
    WrongEnvironment,
    WrongNetwork,
    WrongAudience,
    StoreUnavailable,
    RejectedByEvent,
    OwnerGone,
    OwnerUnavailable,
}
