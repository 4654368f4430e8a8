using System.Globalization;
using System.Net;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Usage;

/// <summary>Reads the options of usage, alerts and webhooks from the app's configuration.</summary>
internal static class UsageSettings
{
    public static void Read(SettingsReader reader, ApiKeyUsageOptions usage)
    {
        usage.Enabled = reader.Flag("Enabled", usage.Enabled);
        usage.FlushInterval = reader.Duration("FlushInterval", usage.FlushInterval);
        usage.MaxPendingRows = reader.Number("MaxPendingRows", usage.MaxPendingRows);
        usage.MaxNetworksPerKey = reader.Number("MaxNetworksPerKey", usage.MaxNetworksPerKey);
        usage.CountryHeader = reader.Text("CountryHeader") ?? usage.CountryHeader;
        ReadNetworks(reader, "CountryProxies", usage.CountryProxies);
        usage.HourlyRetention = reader.Duration("HourlyRetention", usage.HourlyRetention);
        usage.DailyRetention = reader.Duration("DailyRetention", usage.DailyRetention);
        reader.Section("Alerts", alerts => ReadAlerts(alerts, usage.Alerts));
        reader.Items("Webhooks", webhook => usage.Webhooks.Add(ReadWebhook(webhook)), isNamed: true);
    }

    private static void ReadAlerts(SettingsReader reader, ApiKeyAlertOptions alerts)
    {
        alerts.Enabled = reader.Flag("Enabled", alerts.Enabled);
        alerts.Default = new ApiKeyAlertSettings
        {
            UnusualActivity = reader.Flag("UnusualActivity", alerts.Default.UnusualActivity),
            HighUsage = ReadThreshold(reader, "HighUsage", alerts.Default.HighUsage),
            Failures = ReadThreshold(reader, "Failures", alerts.Default.Failures),
        };
        alerts.Interval = reader.Duration("Interval", alerts.Interval);
        alerts.KeyExpiring = reader.Duration("KeyExpiring", alerts.KeyExpiring);
        alerts.RetiringSecret = reader.Duration("RetiringSecret", alerts.RetiringSecret);
        alerts.NewCountry = reader.Flag("NewCountry", alerts.NewCountry);
        alerts.NewNetwork = reader.Flag("NewNetwork", alerts.NewNetwork);
        alerts.Dormant = reader.Duration("Dormant", alerts.Dormant);
        ReadList(reader, "LiveHosts", alerts.LiveHosts);
        ReadList(reader, "TestEnvironments", alerts.TestEnvironments);
    }

    private static ApiKeyAlertThreshold? ReadThreshold(SettingsReader reader, string name, ApiKeyAlertThreshold? otherwise)
    {
        var set = otherwise;
        reader.Section(name, threshold =>
        {
            if (!threshold.Has("Threshold"))
            {
                threshold.Problem("Threshold", "is missing; write a number of requests.");
            }

            if (!threshold.Has("Period"))
            {
                threshold.Problem("Period", "is missing; write hourly or daily.");
            }

            set = new ApiKeyAlertThreshold
            {
                Threshold = threshold.Parse("Threshold", 1L, "is no whole number.", static text =>
                    long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null),
                Period = threshold.Parse("Period", ApiKeyAlertPeriod.Hourly, "is neither hourly nor daily.", static text => text.ToUpperInvariant() switch
                {
                    "HOURLY" => ApiKeyAlertPeriod.Hourly,
                    "DAILY" => ApiKeyAlertPeriod.Daily,
                    _ => null,
                }),
            };
        });
        return set;
    }

    private static ApiKeyWebhookOptions ReadWebhook(SettingsReader reader)
    {
        var webhook = new ApiKeyWebhookOptions { Name = reader.Name, Url = reader.Text("Url") ?? "", TenantId = reader.Text("TenantId") };
        ReadList(reader, "Secrets", webhook.Secrets);
        ReadList(reader, "Kinds", webhook.Kinds);
        webhook.UnsafeAllowHttp = reader.Flag("UnsafeAllowHttp", false);
        ReadNetworks(reader, "UnsafeAllowNetworks", webhook.UnsafeAllowNetworks);
        return webhook;
    }

    private static void ReadList(SettingsReader reader, string name, IList<string> list)
    {
        foreach (var value in reader.List(name) ?? [])
        {
            list.Add(value);
        }
    }

    private static void ReadNetworks(SettingsReader reader, string name, IList<IPNetwork> networks)
    {
        foreach (var value in reader.Values(name) ?? [])
        {
            if (Networks.Parse(value.Own!) is { } network)
            {
                networks.Add(network);
            }
            else
            {
                value.Problem("is no network; write \"203.0.113.0/24\", \"2001:db8::/48\" or one address.");
            }
        }
    }
}
