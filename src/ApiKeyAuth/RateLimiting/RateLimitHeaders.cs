using System.Globalization;
using System.Text;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Notes the headers that tell what the limiter decided; they are assigned when the response starts.</summary>
internal sealed class RateLimitHeaders(ApiKeyRateLimitOptions options, TimeProvider clock)
{
    private readonly ToldMoment?[] _moments = new ToldMoment?[16];

    public void Note(RequestNotes notes, RateLimitSubject subject, in RateLimitDecision decision)
    {
        if (options.Headers.HasFlag(RateLimitHeaderStyle.XRateLimit))
        {
            NoteX(notes, subject, decision);
        }

        if (options.Headers.HasFlag(RateLimitHeaderStyle.Ietf))
        {
            NoteIetf(notes, subject, decision);
        }
    }

    /// <summary>Rounds a wait up, so that a caller who waits as told is not refused again (RFC 9110 §10.2.3).</summary>
    public static long? WholeSeconds(TimeSpan? wait) => wait is { } time ? RateLimitDecision.ToWholeSeconds(time) : null;

    private void NoteX(RequestNotes notes, RateLimitSubject subject, in RateLimitDecision decision)
    {
        var reset = (clock.GetUtcNow() + decision.ResetAfter).UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        notes.TellLimit(
            subject.Permits(decision.Limit), Text(decision.Remaining), Moment((reset + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond));
    }

    private static void NoteIetf(RequestNotes notes, RateLimitSubject subject, in RateLimitDecision decision)
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
        notes.AssignHeader("RateLimit-Policy", policies.ToString());
        notes.AssignHeader("RateLimit", string.Create(
            CultureInfo.InvariantCulture, $"\"{Name(decision.Limit, decision.IsTenantLimit)}\";r={decision.Remaining};t={wait}"));
    }

    private static void AppendPolicy(StringBuilder policies, RateLimit limit, bool isTenant) =>
        policies.Append(policies.Length == 0 ? "" : ", ").Append(
            CultureInfo.InvariantCulture, $"\"{Name(limit, isTenant)}\";q={limit.Permits};w={(long)limit.Window.TotalSeconds}");

    private static string Name(RateLimit limit, bool isTenant) => (isTenant ? "tenant " : "") + limit;

    /// <summary>Keys with windows of one length are told the same second, over and over, so its text is kept.</summary>
    private string Moment(long second)
    {
        ref var slot = ref _moments[second & (_moments.Length - 1)];
        if (slot is not { } kept || kept.Second != second)
        {
            slot = kept = new ToldMoment(second, Text(second));
        }

        return kept.Text;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record ToldMoment(long Second, string Text);
}
