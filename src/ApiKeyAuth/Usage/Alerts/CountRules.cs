using System.Globalization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Usage;

/// <summary>What the numbers of a key's requests tell: high usage, failures, unusual activity.</summary>
internal static class CountRules
{
    /// <summary>The hours before an hour that it is compared with.</summary>
    public static readonly TimeSpan Trailing = TimeSpan.FromDays(7);

    // Documented in the readme: at least 100 requests, and more than 3 times the busiest hour of the 7 days before.
    private const long UnusualFloor = 100;
    private const long UnusualRatio = 3;
    private static readonly TimeSpan Acquaintance = TimeSpan.FromDays(1);

    /// <summary>How far back the history of a key must be read.</summary>
    public static DateTimeOffset? From(ApiKeyAlertSettings settings, SeenKey seen) =>
        seen.Hours.Count == 0 ? null
        : settings.UnusualActivity ? seen.Hours.Min - Trailing
        : settings.HighUsage is not null || settings.Failures is not null ? Floor(seen.Hours.Min, TimeSpan.FromDays(1))
        : null;

    public static IEnumerable<AlertFinding> Find(ApiKey key, ApiKeyAlertSettings settings, SeenKey seen, IReadOnlyList<ApiKeyUsagePeriod> periods) =>
    [
        .. settings.HighUsage is { } high ? Reached(key, ApiKeyAlertKinds.HighUsage, "requests", high, seen, periods) : [],
        .. settings.Failures is { } failures
            ? Reached(key, ApiKeyAlertKinds.Failures, "failed requests", failures, seen, [.. periods.Where(period => period.Outcome != ApiKeyUsageOutcomes.Success)])
            : [],
        .. settings.UnusualActivity ? seen.Hours.SelectMany(hour => Unusual(key, hour, periods)) : [],
    ];

    private static IEnumerable<AlertFinding> Reached(
        ApiKey key, string kind, string what, ApiKeyAlertThreshold set, SeenKey seen, IReadOnlyList<ApiKeyUsagePeriod> periods)
    {
        var length = set.Period == ApiKeyAlertPeriod.Daily ? TimeSpan.FromDays(1) : TimeSpan.FromHours(1);
        foreach (var start in seen.Hours.Select(hour => Floor(hour, length)).Distinct())
        {
            var count = periods.Where(period => period.Start >= start && period.Start < start + length).Sum(period => period.Count);
            if (count >= set.Threshold)
            {
                // It is over when a whole period has passed without.
                var period = set.Period == ApiKeyAlertPeriod.Daily ? "daily" : "hourly";
                yield return new AlertFinding(
                    kind, "", start + (2 * length),
                    string.Create(CultureInfo.InvariantCulture, $"API key {key.Id} has {count} {what} since {start:yyyy-MM-dd HH:mm} UTC; {set.Threshold} {period} are set."),
                    ("count", Number(count)), ("threshold", Number(set.Threshold)), ("period", period), ("since", $"{start:yyyy-MM-ddTHH:mm:ssZ}"));
            }
        }
    }

    private static IEnumerable<AlertFinding> Unusual(ApiKey key, DateTimeOffset hour, IReadOnlyList<ApiKeyUsagePeriod> periods)
    {
        var hours = periods.Where(period => !period.IsDay && period.Start <= hour && period.Start >= hour - Trailing)
            .GroupBy(period => period.Start).ToDictionary(same => same.Key, same => same.Sum(period => period.Count));
        var count = hours.GetValueOrDefault(hour);
        hours.Remove(hour);
        if (hours.Count == 0 || hours.Keys.Min() > hour - Acquaintance || count < UnusualFloor || count <= UnusualRatio * hours.Values.Max())
        {
            yield break;
        }

        yield return new AlertFinding(
            ApiKeyAlertKinds.UnusualActivity, "", hour.AddHours(2),
            string.Create(CultureInfo.InvariantCulture, $"API key {key.Id} has {count} requests since {hour:yyyy-MM-dd HH:mm} UTC; its busiest hour in the 7 days before had {hours.Values.Max()}."),
            ("count", Number(count)), ("busiest", Number(hours.Values.Max())), ("since", $"{hour:yyyy-MM-ddTHH:mm:ssZ}"));
    }

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan length) => new(time.UtcTicks - (time.UtcTicks % length.Ticks), TimeSpan.Zero);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
