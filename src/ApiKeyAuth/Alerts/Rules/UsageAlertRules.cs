using System.Globalization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Evaluates the number of a key's requests: high usage, failures, unusual activity.</summary>
internal static class UsageAlertRules
{
    /// <summary>The hours that an hour is compared with.</summary>
    public static readonly TimeSpan TrailingWindow = TimeSpan.FromDays(7);

    // Documented in docs/usage-and-alerts.md: at least 100 requests, and more than 3 times the busiest hour of the 7 days before.
    private const long UnusualMinRequests = 100;
    private const long UnusualRatio = 3;
    private static readonly TimeSpan MinHistory = TimeSpan.FromDays(1);

    /// <summary>The length of the history that is needed.</summary>
    public static DateTimeOffset? GetHistoryStart(ApiKeyAlertSettings settings, KeyActivityEntry activity) =>
        activity.Hours.Count == 0 ? null
        : settings.UnusualActivity ? activity.Hours.Min - TrailingWindow
        : settings.HighUsage is not null || settings.Failures is not null ? Floor(activity.Hours.Min, TimeSpan.FromDays(1))
        : null;

    public static IEnumerable<AlertFinding> Evaluate(
        ApiKey key, ApiKeyAlertSettings settings, KeyActivityEntry activity, IReadOnlyList<ApiKeyUsagePeriod> periods)
    {
        ApiKeyUsagePeriod[] failed = [.. periods.Where(period => period.Outcome != ApiKeyUsageOutcomes.Success)];
        return
        [
            .. settings.HighUsage is { } high
                ? EvaluateThreshold(key, ApiKeyAlertKinds.HighUsage, "requests", high, activity, periods)
                : [],
            .. settings.Failures is { } failures
                ? EvaluateThreshold(key, ApiKeyAlertKinds.Failures, "failed requests", failures, activity, failed)
                : [],
            .. settings.UnusualActivity ? activity.Hours.SelectMany(hour => EvaluateUnusualActivity(key, hour, periods)) : [],
        ];
    }

    private static IEnumerable<AlertFinding> EvaluateThreshold(
        ApiKey key,
        string kind,
        string description,
        ApiKeyAlertThreshold threshold,
        KeyActivityEntry activity,
        IReadOnlyList<ApiKeyUsagePeriod> periods)
    {
        var length = threshold.Period == ApiKeyAlertPeriod.Daily ? TimeSpan.FromDays(1) : TimeSpan.FromHours(1);
        foreach (var start in activity.Hours.Select(hour => Floor(hour, length)).Distinct())
        {
            var count = periods.Where(period => period.Start >= start && period.Start < start + length).Sum(period => period.Count);
            if (count >= threshold.Threshold)
            {
                // It is resolved when a whole period has passed without it.
                var period = threshold.Period == ApiKeyAlertPeriod.Daily ? "daily" : "hourly";
                var message = string.Create(
                    CultureInfo.InvariantCulture,
                    $"API key {key.Id} has {count} {description} since {start:yyyy-MM-dd HH:mm} UTC; "
                    + $"the {period} threshold is {threshold.Threshold}.");
                yield return new AlertFinding(
                    kind,
                    "",
                    start + (2 * length),
                    message,
                    ("count", Format(count)),
                    ("threshold", Format(threshold.Threshold)),
                    ("period", period),
                    ("since", $"{start:yyyy-MM-ddTHH:mm:ssZ}"));
            }
        }
    }

    private static IEnumerable<AlertFinding> EvaluateUnusualActivity(
        ApiKey key, DateTimeOffset hour, IReadOnlyList<ApiKeyUsagePeriod> periods)
    {
        var hours = periods.Where(period => !period.IsDay && period.Start <= hour && period.Start >= hour - TrailingWindow)
            .GroupBy(period => period.Start).ToDictionary(same => same.Key, same => same.Sum(period => period.Count));
        var count = hours.GetValueOrDefault(hour);
        hours.Remove(hour);
        if (hours.Count == 0 || hours.Keys.Min() > hour - MinHistory || count < UnusualMinRequests)
        {
            yield break;
        }

        var busiest = hours.Values.Max();
        if (count <= UnusualRatio * busiest)
        {
            yield break;
        }

        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"API key {key.Id} has {count} requests since {hour:yyyy-MM-dd HH:mm} UTC; "
            + $"its busiest hour in the 7 days before had {busiest}.");
        yield return new AlertFinding(
            ApiKeyAlertKinds.UnusualActivity,
            "",
            hour.AddHours(2),
            message,
            ("count", Format(count)),
            ("busiest", Format(busiest)),
            ("since", $"{hour:yyyy-MM-ddTHH:mm:ssZ}"));
    }

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan length) =>
        new(time.UtcTicks - (time.UtcTicks % length.Ticks), TimeSpan.Zero);

    private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);
}
