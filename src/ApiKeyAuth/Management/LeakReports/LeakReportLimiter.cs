using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.LeakReports;

/// <summary>Limits the reports of leaked keys by network, accepted or not, because they need no credentials.</summary>
internal sealed class LeakReportLimiter(TimeProvider clock, RateLimit limit)
{
    private readonly NetworkRateLimiter _networks = new(clock, limit);

    /// <summary>Charges a request. Returns a problem if the limit of its network is exceeded.</summary>
    public ApiKeyError? FindProblem(HttpContext context)
    {
        var decision = _networks.RecordFailure(context.Connection.RemoteIpAddress);
        return decision.IsAdmitted
            ? null
            : ApiKeyError.RateLimited(decision.Limit, RateLimitHeaderWriter.ToWholeSeconds(decision.RetryAfter));
    }
}
