using System.Globalization;
using System.Net;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.Usage;

/// <summary>Reads the options of usage, alerts and webhooks from the configuration.</summary>
internal static class UsageSettings
{
    public static void Read(SettingsReader reader, ApiKeyUsageOptions usage)
    {
        usage.Enabled = reader.ReadBoolean("Enabled", usage.Enabled);
        usage.FlushInterval = reader.ReadDuration("FlushInterval", usage.FlushInterval);
        usage.MaxPendingRows = reader.ReadInt32("MaxPendingRows", usage.MaxPendingRows);
        usage.MaxNetworksPerKey = reader.ReadInt32("MaxNetworksPerKey", usage.MaxNetworksPerKey);
        usage.CountryHeader = reader.ReadString("CountryHeader") ?? usage.CountryHeader;
        AddNetworks(reader, "CountryProxies", usage.CountryProxies);
        usage.HourlyRetention = reader.ReadDuration("HourlyRetention", usage.HourlyRetention);
        usage.DailyRetention = reader.ReadDuration("DailyRetention", usage.DailyRetention);
        reader.ReadSection("Alerts", alerts => ReadAlerts(alerts, usage.Alerts));
        reader.ReadItems("Webhooks", webhook => usage.Webhooks.Add(ReadWebhook(webhook)), isNamed: true);
    }

    private static void ReadAlerts(SettingsReader reader, ApiKeyAlertOptions alerts)
    {
        alerts.Enabled = reader.ReadBoolean("Enabled", alerts.Enabled);
        alerts.Default = new ApiKeyAlertSettings
        {
            UnusualActivity = reader.ReadBoolean("UnusualActivity", alerts.Default.UnusualActivity),
            HighUsage = ReadThreshold(reader, "HighUsage", alerts.Default.HighUsage),
            Failures = ReadThreshold(reader, "Failures", alerts.Default.Failures),
        };
        alerts.Interval = reader.ReadDuration("Interval", alerts.Interval);
        alerts.KeyExpiring = reader.ReadDuration("KeyExpiring", alerts.KeyExpiring);
        alerts.RetiringSecret = reader.ReadDuration("RetiringSecret", alerts.RetiringSecret);
        alerts.NewCountry = reader.ReadBoolean("NewCountry", alerts.NewCountry);
        alerts.NewNetwork = reader.ReadBoolean("NewNetwork", alerts.NewNetwork);
        alerts.Dormant = reader.ReadDuration("Dormant", alerts.Dormant);
        AddValues(reader, "LiveHosts", alerts.LiveHosts);
        AddValues(reader, "TestEnvironments", alerts.TestEnvironments);
    }

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
                Threshold = threshold.ReadValue("Threshold", 1L, "is no whole number.", static text =>
                    long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null),
                Period = threshold.ReadValue("Period", ApiKeyAlertPeriod.Hourly, "is neither hourly nor daily.", static text => text.ToUpperInvariant() switch
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
        var webhook = new ApiKeyWebhookOptions { Name = reader.Name, Url = reader.ReadString("Url") ?? "", TenantId = reader.ReadString("TenantId") };
        AddValues(reader, "Secrets", webhook.Secrets);
        AddValues(reader, "Kinds", webhook.Kinds);
        webhook.UnsafeAllowHttp = reader.ReadBoolean("UnsafeAllowHttp", false);
        AddNetworks(reader, "UnsafeAllowNetworks", webhook.UnsafeAllowNetworks);
        return webhook;
    }

    private static void AddValues(SettingsReader reader, string name, IList<string> list)
    {
        foreach (var value in reader.ReadList(name) ?? [])
        {
            list.Add(value);
        }
    }

    private static void AddNetworks(SettingsReader reader, string name, IList<IPNetwork> networks)
    {
        foreach (var value in reader.ReadValues(name) ?? [])
        {
            if (Networks.Parse(value.Value!) is { } network)
            {
                networks.Add(network);
            }
            else
            {
                value.AddProblem("is no network; write \"203.0.113.0/24\", \"2001:db8::/48\" or one address.");
            }
        }
    }
}
