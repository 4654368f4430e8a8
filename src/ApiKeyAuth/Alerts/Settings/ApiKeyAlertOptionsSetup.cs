using System.Globalization;
using System.Text.RegularExpressions;
using ApiKeyAuth.Alerts.Webhooks;
using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.Alerts.Settings;

/// <summary>Reads and validates the options of alerts. A message names the setting and never contains a secret.</summary>
internal sealed partial class ApiKeyAlertOptionsSetup(SettingsSource? source = null)
    : SectionOptionsSetup<ApiKeyAlertOptions>(source, SectionName)
{
    public const string SectionName = "Alerts";

    private const int MaxSecrets = 4;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    protected override void Read(SettingsReader reader, ApiKeyAlertOptions options)
    {
        options.Enabled = reader.ReadBoolean("Enabled", options.Enabled);
        options.Default = new ApiKeyAlertSettings
        {
            UnusualActivity = reader.ReadBoolean("UnusualActivity", options.Default.UnusualActivity),
            HighUsage = ReadThreshold(reader, "HighUsage", options.Default.HighUsage),
            Failures = ReadThreshold(reader, "Failures", options.Default.Failures),
        };
        options.Interval = reader.ReadDuration("Interval", options.Interval);
        options.KeyExpiring = reader.ReadDuration("KeyExpiring", options.KeyExpiring);
        options.RetiringSecret = reader.ReadDuration("RetiringSecret", options.RetiringSecret);
        options.NewCountry = reader.ReadBoolean("NewCountry", options.NewCountry);
        options.NewNetwork = reader.ReadBoolean("NewNetwork", options.NewNetwork);
        options.Dormant = reader.ReadDuration("Dormant", options.Dormant);
        AddValues(reader, "LiveHosts", options.LiveHosts);
        AddValues(reader, "TestEnvironments", options.TestEnvironments);
        reader.ReadItems("Webhooks", webhook => options.Webhooks.Add(ReadWebhook(webhook)), isNamed: true);
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> FindProblems(ApiKeyAlertOptions options) =>
    [
        .. SettingRules.FindRangeProblems("Interval", options.Interval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        .. SettingRules.FindRangeProblems("KeyExpiring", options.KeyExpiring, TimeSpan.Zero, 365 * Day),
        .. SettingRules.FindRangeProblems("RetiringSecret", options.RetiringSecret, TimeSpan.Zero, 30 * Day),
        .. SettingRules.FindRangeProblems("Dormant", options.Dormant, TimeSpan.Zero, 3_660 * Day),
        .. FindThresholdProblems("HighUsage", options.Default.HighUsage),
        .. FindThresholdProblems("Failures", options.Default.Failures),
        .. options.LiveHosts.Index().Where(host => !HostRegex().IsMatch(host.Item))
            .Select(host => $"LiveHosts:{host.Index} must be a host; write api.example.com or *.example.com, without a port."),
        .. options.Webhooks.SelectMany(FindWebhookProblems),
        .. options.Webhooks.CountBy(webhook => webhook.Name, StringComparer.OrdinalIgnoreCase).Where(same => same.Value > 1)
            .Select(same => $"Webhooks:{GetDisplayName(same.Key)} is there {same.Value} times; give each a name of its own."),
    ];

    private static IEnumerable<string> FindThresholdProblems(string setting, ApiKeyAlertThreshold? threshold) => threshold is null ? [] :
    [
        .. SettingRules.FindRangeProblems($"{setting}:Threshold", threshold.Threshold, 1, long.MaxValue),
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

    private static ApiKeyAlertThreshold? ReadThreshold(SettingsReader reader, string name, ApiKeyAlertThreshold? defaultValue)
    {
        var set = defaultValue;
        reader.ReadSection(name, threshold =>
        {
            if (!threshold.Has("Threshold"))
            {
                threshold.AddProblem("Threshold", "is missing; write a number of requests.");
            }

            if (!threshold.Has("Period"))
            {
                threshold.AddProblem("Period", "is missing; write hourly or daily.");
            }

            set = new ApiKeyAlertThreshold
            {
                Threshold = threshold.ReadValue("Threshold", 1L, "must be a whole number.", static text =>
                    long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null),
                Period = threshold.ReadValue("Period", ApiKeyAlertPeriod.Hourly, "is neither hourly nor daily.", ParsePeriod),
            };
        });
        return set;
    }

    private static ApiKeyAlertPeriod? ParsePeriod(string text) => text.ToUpperInvariant() switch
    {
        "HOURLY" => ApiKeyAlertPeriod.Hourly,
        "DAILY" => ApiKeyAlertPeriod.Daily,
        _ => null,
    };

    private static ApiKeyWebhookOptions ReadWebhook(SettingsReader reader)
    {
        var webhook = new ApiKeyWebhookOptions
        {
            Name = reader.Name,
            Url = reader.ReadString("Url") ?? "",
            TenantId = reader.ReadString("TenantId"),
        };
        AddValues(reader, "Secrets", webhook.Secrets);
        AddValues(reader, "Kinds", webhook.Kinds);
        webhook.UnsafeAllowHttp = reader.ReadBoolean("UnsafeAllowHttp", false);
        SettingsValues.ReadNetworks(reader, "UnsafeAllowNetworks", webhook.UnsafeAllowNetworks);
        return webhook;
    }

    private static void AddValues(SettingsReader reader, string name, IList<string> list)
    {
        foreach (var value in reader.ReadList(name) ?? [])
        {
            list.Add(value);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameRegex();

    [GeneratedRegex(@"\A(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostRegex();
}
