using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;

namespace ApiKeyAuth.Tests.RateLimiting;

internal static class InMemoryChecks
{
    /// <summary>Checks, and fails where the limiter did not answer at once.</summary>
    public static RateLimitDecision Check(
        this InMemoryRateLimiter limiter, RateLimitSubject subject, long cost = 1, RateLimitCharge charge = RateLimitCharge.IfAdmitted)
    {
        var check = limiter.CheckAsync(subject, cost, charge, CancellationToken.None);
        return check.IsCompletedSuccessfully ? check.Result : throw new InvalidOperationException("The limiter waited.");
    }
}
