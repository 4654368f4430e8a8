using System.Globalization;
using ApiKeyAuth.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Alerts.Settings;

/// <summary>Reads the options of alerts from the section <c>Alerts</c> of the app's settings, and validates them.</summary>
/// <param name="source">The settings, or null if the app is configured in code.</param>
internal sealed class ApiKeyAlertOptionsSetup(SettingsSource? source)
    : IConfigureOptions<ApiKeyAlertOptions>, IValidateOptions<ApiKeyAlertOptions>
{
    /// <summary>The name of the section.</summary>
    public const string SectionName = "Alerts";

    public void Configure(ApiKeyAlertOptions options)
    {
        if (source is null || source.Section.GetSection(SectionName) is not { } section || !section.Exists())
        {
            return;
        }

        var layers = source.Providers.ReadLayers().Within(section.Path);
        new SettingsReader(section, options.ConfigurationProblems, layers).ReadAll(reader => Read(reader, options));
    }

    public ValidateOptionsResult Validate(string? name, ApiKeyAlertOptions options)
    {
        var path = $"{source?.Section.Path ?? SettingsSource.DefaultPath}:{SectionName}";
        string[] problems = [.. options.ConfigurationProblems, .. AlertProblems.Find(options).Select(problem => $"{path}:{problem}")];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void Read(SettingsReader reader, ApiKeyAlertOptions alerts)
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
        reader.ReadItems("Webhooks", webhook => alerts.Webhooks.Add(ReadWebhook(webhook)), isNamed: true);
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
}
