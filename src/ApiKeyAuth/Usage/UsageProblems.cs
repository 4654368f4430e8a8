using System.Text.RegularExpressions;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.Webhooks;
using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.Usage;

/// <summary>Finds problems in the options of usage, alerts and webhooks. A message names the setting and contains no secret.</summary>
internal static partial class UsageProblems
{
    private const int MaxSecrets = 4;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IEnumerable<string> Find(ApiKeyUsageOptions usage) =>
    [
        .. SettingRangeRule.FindProblems("Usage:FlushInterval", usage.FlushInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        .. SettingRangeRule.FindProblems("Usage:MaxPendingRows", usage.MaxPendingRows, 1_000, 10_000_000),
        .. SettingRangeRule.FindProblems("Usage:MaxNetworksPerKey", usage.MaxNetworksPerKey, 0, 10_000),
        .. FindCountryProblems(usage),
        .. SettingRangeRule.FindProblems("Usage:HourlyRetention", usage.HourlyRetention, Day, 366 * Day),
        .. SettingRangeRule.FindProblems("Usage:DailyRetention", usage.DailyRetention, usage.HourlyRetention > Day ? usage.HourlyRetention : Day, 3_660 * Day),
        .. FindAlertProblems(usage.Alerts),
        .. usage.Webhooks.SelectMany(FindWebhookProblems),
        .. usage.Webhooks.CountBy(webhook => webhook.Name, StringComparer.OrdinalIgnoreCase).Where(same => same.Value > 1)
            .Select(same => $"Usage:Webhooks:{GetDisplayName(same.Key)} is there {same.Value} times; give each a name of its own."),
    ];

    private static IEnumerable<string> FindCountryProblems(ApiKeyUsageOptions usage)
    {
        if (usage.CountryHeader is { } header && (header.Length == 0 || !header.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')))
        {
            yield return "Usage:CountryHeader is no name of a header; write one such as CF-IPCountry.";
        }

        if (usage.CountryHeader is not null && usage.CountryProxies.Count == 0)
        {
            yield return "Usage:CountryHeader is believed of nobody yet; set Usage:CountryProxies, the addresses of the CDN, as anybody else could write the header.";
        }

        if (usage.CountryHeader is null && usage.CountryProxies.Count > 0)
        {
            yield return "Usage:CountryProxies is of no use alone; set Usage:CountryHeader, the header in which they tell the country.";
        }
    }

    private static IEnumerable<string> FindAlertProblems(ApiKeyAlertOptions alerts) =>
    [
        .. SettingRangeRule.FindProblems("Usage:Alerts:Interval", alerts.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        .. SettingRangeRule.FindProblems("Usage:Alerts:KeyExpiring", alerts.KeyExpiring, TimeSpan.Zero, 365 * Day),
        .. SettingRangeRule.FindProblems("Usage:Alerts:RetiringSecret", alerts.RetiringSecret, TimeSpan.Zero, 30 * Day),
        .. SettingRangeRule.FindProblems("Usage:Alerts:Dormant", alerts.Dormant, TimeSpan.Zero, 3_660 * Day),
        .. FindThresholdProblems("Usage:Alerts:HighUsage", alerts.Default.HighUsage),
        .. FindThresholdProblems("Usage:Alerts:Failures", alerts.Default.Failures),
        .. alerts.LiveHosts.Index().Where(host => !HostRegex().IsMatch(host.Item))
            .Select(host => $"Usage:Alerts:LiveHosts:{host.Index} is no host; write api.example.com or *.example.com, without a port."),
    ];

    private static IEnumerable<string> FindThresholdProblems(string setting, ApiKeyAlertThreshold? threshold) => threshold is null ? [] :
    [
        .. SettingRangeRule.FindProblems($"{setting}:Threshold", threshold.Threshold, 1, long.MaxValue),
        .. Enum.IsDefined(threshold.Period) ? Array.Empty<string>() : [$"{setting}:Period is neither hourly nor daily."],
    ];

    private static IEnumerable<string> FindWebhookProblems(ApiKeyWebhookOptions webhook)
    {
        var setting = $"Usage:Webhooks:{GetDisplayName(webhook.Name)}";
        if (!NameRegex().IsMatch(webhook.Name ?? ""))
        {
            yield return $"{setting} has no name that can be kept; write 1 to 64 of A-Z a-z 0-9 . _ -";
        }

        if (WebhookAddress.FindProblem(webhook.Url, webhook.UnsafeAllowHttp, webhook.UnsafeAllowNetworks) is { } fault)
        {
            yield return $"{setting}:Url {fault}";
        }

        if (webhook.Secrets.Count is 0 or > MaxSecrets)
        {
            yield return $"{setting}:Secrets holds {webhook.Secrets.Count}; write 1 to {MaxSecrets}, the newest first. `openssl rand -base64 32` prints what goes behind whsec_.";
        }

        foreach (var (index, _) in webhook.Secrets.Index().Where(secret => WebhookSigner.ParseSecret(secret.Item) is null))
        {
            yield return $"{setting}:Secrets:{index} is no secret; write whsec_ and 24 to 64 random bytes as base64, such as `openssl rand -base64 32` prints.";
        }

        foreach (var (index, _) in webhook.Kinds.Index().Where(kind => !ApiKeyAlertKinds.All.Contains(kind.Item)))
        {
            yield return $"{setting}:Kinds:{index} is no kind of alert; write one of {string.Join(", ", ApiKeyAlertKinds.All)}.";
        }
    }

    private static string GetDisplayName(string? name) => NameRegex().IsMatch(name ?? "") ? name! : "?";

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameRegex();

    [GeneratedRegex(@"\A(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostRegex();
}
