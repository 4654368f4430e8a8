using System.Globalization;
using System.Text;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Records the rate-limit headers in the request feature, which assigns them when the response starts.</summary>
internal sealed class RateLimitHeaderWriter(ApiKeyRateLimitOptions options, TimeProvider clock)
{
    private readonly CachedResetText?[] _resetTexts = new CachedResetText?[16];

    public void Write(ApiKeyRequestFeature feature, RateLimitSubject subject, in RateLimitDecision decision)
    {
        if (options.Headers.HasFlag(RateLimitHeaderStyle.XRateLimit))
        {
            WriteXRateLimit(feature, subject, decision);
        }

        if (options.Headers.HasFlag(RateLimitHeaderStyle.Ietf))
        {
            WriteIetf(feature, subject, decision);
        }
    }

    /// <summary>Rounds a wait up, so that a caller who waits that long is not rejected again (RFC 9110 §10.2.3).</summary>
    public static long? ToWholeSeconds(TimeSpan? wait) => wait is { } time ? RateLimitDecision.ToWholeSeconds(time) : null;

    private void WriteXRateLimit(ApiKeyRequestFeature feature, RateLimitSubject subject, in RateLimitDecision decision)
    {
        var reset = (clock.GetUtcNow() + decision.ResetAfter).UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var resetSecond = (reset + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
        feature.SetRateLimit(subject.FormatPermits(decision.Limit), Format(decision.Remaining), GetResetText(resetSecond));
    }

    private static void WriteIetf(ApiKeyRequestFeature feature, RateLimitSubject subject, in RateLimitDecision decision)
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

        var wait = ToWholeSeconds(decision.IsAdmitted ? decision.ResetAfter : decision.RetryAfter ?? decision.ResetAfter);
        feature.AssignHeader("RateLimit-Policy", policies.ToString());
        feature.AssignHeader("RateLimit", string.Create(
            CultureInfo.InvariantCulture, $"\"{GetPolicyName(decision.Limit, decision.IsTenantLimit)}\";r={decision.Remaining};t={wait}"));
    }

    private static void AppendPolicy(StringBuilder policies, RateLimit limit, bool isTenant) =>
        policies.Append(policies.Length == 0 ? "" : ", ").Append(
            CultureInfo.InvariantCulture, $"\"{GetPolicyName(limit, isTenant)}\";q={limit.Permits};w={(long)limit.Window.TotalSeconds}");

    private static string GetPolicyName(RateLimit limit, bool isTenant) => (isTenant ? "tenant " : "") + limit;

    /// <summary>Formats a second. Many responses report the same one, so its text is cached.</summary>
    private string GetResetText(long second)
    {
        ref var slot = ref _resetTexts[second & (_resetTexts.Length - 1)];
        if (slot is not { } cached || cached.Second != second)
        {
            slot = cached = new CachedResetText(second, Format(second));
        }

        return cached.Text;
    }

    private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record CachedResetText(long Second, string Text);
}
