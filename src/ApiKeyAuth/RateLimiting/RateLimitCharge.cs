namespace ApiKeyAuth.RateLimiting;

/// <summary>Defines when a request is charged.</summary>
public enum RateLimitCharge
{
    /// <summary>A request is charged only if it is admitted.</summary>
    IfAdmitted,

    /// <summary>A rejected request is charged too, so a caller who keeps sending requests stays rejected.</summary>
    Always,
}
