using System.Text.RegularExpressions;
using ApiKeyAuth.Alerts.Webhooks;
using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.Alerts.Settings;

/// <summary>Finds the problems of alert options. A message names the setting and never contains a secret.</summary>
internal static partial class AlertProblems
{
    private const int MaxSecrets = 4;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IEnumerable<string> Find(ApiKeyAlertOptions alerts) =>
    [
        .. SettingRangeRule.FindProblems("Interval", alerts.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        .. SettingRangeRule.FindProblems("KeyExpiring", alerts.KeyExpiring, TimeSpan.Zero, 365 * Day),
        .. SettingRangeRule.FindProblems("RetiringSecret", alerts.RetiringSecret, TimeSpan.Zero, 30 * Day),
        .. SettingRangeRule.FindProblems("Dormant", alerts.Dormant, TimeSpan.Zero, 3_660 * Day),
        .. FindThresholdProblems("HighUsage", alerts.Default.HighUsage),
        .. FindThresholdProblems("Failures", alerts.Default.Failures),
        .. alerts.LiveHosts.Index().Where(host => !HostRegex().IsMatch(host.Item))
            .Select(host => $"LiveHosts:{host.Index} must be a host; write api.example.com or *.example.com, without a port."),
        .. alerts.Webhooks.SelectMany(FindWebhookProblems),
        .. alerts.Webhooks.CountBy(webhook => webhook.Name, StringComparer.OrdinalIgnoreCase).Where(same => same.Value > 1)
            .Select(same => $"Webhooks:{GetDisplayName(same.Key)} is there {same.Value} times; give each a name of its own."),
    ];

    private static IEnumerable<string> FindThresholdProblems(string setting, ApiKeyAlertThreshold? threshold) => threshold is null ? [] :
    [
        .. SettingRangeRule.FindProblems($"{setting}:Threshold", threshold.Threshold, 1, long.MaxValue),
        .. Enum.IsDefined(threshold.Period) ? Array.Empty<string>() : [$"{setting}:Period is neither hourly nor daily."],
    ];

    private static IEnumerable<string> FindWebhookProblems(ApiKeyWebhookOptions webhook)
    {
        var setting = $"Webhooks:{GetDisplayName(webhook.Name)}";
        if (!NameRegex().IsMatch(webhook.Name ?? ""))
        {
            yield return $"{setting} has an invalid name; write 1 to 64 of A-Z a-z 0-9 . _ -";
        }

        if (WebhookAddress.FindProblem(webhook.Url, webhook.UnsafeAllowHttp, webhook.UnsafeAllowNetworks) is { } fault)
        {
            yield return $"{setting}:Url {fault}";
        }

        if (webhook.Secrets.Count is 0 or > MaxSecrets)
        {
            yield return $"{setting}:Secrets contains {webhook.Secrets.Count}; write 1 to {MaxSecrets}, the newest first. "
                + "`openssl rand -base64 32` prints what follows whsec_.";
        }

        foreach (var (index, _) in webhook.Secrets.Index().Where(secret => WebhookSigner.ParseSecret(secret.Item) is null))
        {
            yield return $"{setting}:Secrets:{index} is not a webhook secret; write whsec_ and 24 to 64 random bytes as base64, "
                + "such as `openssl rand -base64 32` prints.";
        }

        foreach (var (index, _) in webhook.Kinds.Index().Where(kind => !ApiKeyAlertKinds.All.Contains(kind.Item)))
        {
            yield return $"{setting}:Kinds:{index} is not a kind of alert; write one of {string.Join(", ", ApiKeyAlertKinds.All)}.";
        }
    }

    private static string GetDisplayName(string? name) => NameRegex().IsMatch(name ?? "") ? name! : "?";

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameRegex();

    [GeneratedRegex(@"\A(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostRegex();
}
