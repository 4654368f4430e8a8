namespace ApiKeyAuth.RateLimiting;

/// <summary>Says what a refused request is charged.</summary>
public enum RateLimitCharge
{
    /// <summary>Charges a request only where it is admitted.</summary>
    IfAdmitted,

    /// <summary>Charges a refused request all the same, so that whoever does not stop asking is not let in again.</summary>
    Always,
}
