namespace ApiKeyAuth.Diagnostics;

/// <summary>How an authentication ended, as operators see it; a caller sees fewer differences.</summary>
internal enum AuthenticationOutcome
{
    Accepted,
    Ambiguous,
    Malformed,
    Unknown,
    Revoked,
    Disabled,
    Expired,
    SecretRetired,
    WrongEnvironment,
    WrongNetwork,
    WrongAudience,
    StoreUnavailable,
    RejectedByEvent,
    OwnerGone,
    OwnerUnavailable,
}
