using System.Globalization;
using System.Text;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Writes what the limiter decided into the answer's headers.</summary>
internal sealed class RateLimitHeaders(ApiKeyRateLimitOptions options, TimeProvider clock)
{
    public void Write(HttpResponse response, RateLimitSubject subject, in RateLimitDecision decision)
    {
        if (options.Headers.HasFlag(RateLimitHeaderStyle.XRateLimit))
        {
            WriteX(response.Headers, decision);
        }

        if (options.Headers.HasFlag(RateLimitHeaderStyle.Ietf))
        {
            WriteIetf(response.Headers, subject, decision);
        }
    }

    /// <summary>Rounds a wait up, so that a caller who waits as told is not refused again (RFC 9110 §10.2.3).</summary>
    public static long? WholeSeconds(TimeSpan? wait) => wait is { } time ? RateLimitDecision.ToWholeSeconds(time) : null;

    private void WriteX(IHeaderDictionary headers, in RateLimitDecision decision)
    {
        var reset = (clock.GetUtcNow() + decision.ResetAfter).UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        headers["X-RateLimit-Limit"] = Text(decision.Limit.Permits);
        headers["X-RateLimit-Remaining"] = Text(decision.Remaining);
        headers["X-RateLimit-Reset"] = Text((reset + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond);
    }

    private static void WriteIetf(IHeaderDictionary headers, RateLimitSubject subject, in RateLimitDecision decision)
    {
        var policies = new StringBuilder();
        foreach (var limit in subject.KeyLimits)
        {
            AppendPolicy(policies, limit, isTenant: false);
        }

        foreach (var limit in subject.TenantLimits)
        {
            AppendPolicy(policies, limit, isTenant: true);
        }

        var wait = WholeSeconds(decision.IsAdmitted ? decision.ResetAfter : decision.RetryAfter ?? decision.ResetAfter);
        headers["RateLimit-Policy"] = policies.ToString();
        headers["RateLimit"] = string.Create(
            CultureInfo.InvariantCulture, $"\"{Name(decision.Limit, decision.IsTenantLimit)}\";r={decision.Remaining};t={wait}");
    }

    private static void AppendPolicy(StringBuilder policies, RateLimit limit, bool isTenant) =>
        policies.Append(policies.Length == 0 ? "" : ", ").Append(
            CultureInfo.InvariantCulture, $"\"{Name(limit, isTenant)}\";q={limit.Permits};w={(long)limit.Window.TotalSeconds}");

    private static string Name(RateLimit limit, bool isTenant) => (isTenant ? "tenant " : "") + limit;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
