using System.Globalization;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Dashboard.Localization;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Dashboard.Forms;

/// <summary>Represents what a person entered about alerts, exactly as entered.</summary>
internal sealed record AlertsForm
{
    public string HighUsage { get; init; } = "";

    public ApiKeyAlertPeriod HighUsagePeriod { get; init; } = ApiKeyAlertPeriod.Daily;

    public string Failures { get; init; } = "";

    public ApiKeyAlertPeriod FailuresPeriod { get; init; }

    public bool UnusualActivity { get; init; }

    public static AlertsForm Read(ApiKeyAlertSettings settings) => new()
    {
        HighUsage = FormattableString.Invariant($"{settings.HighUsage?.Threshold}"),
        HighUsagePeriod = settings.HighUsage?.Period ?? ApiKeyAlertPeriod.Daily,
        Failures = FormattableString.Invariant($"{settings.Failures?.Threshold}"),
        FailuresPeriod = settings.Failures?.Period ?? ApiKeyAlertPeriod.Hourly,
        UnusualActivity = settings.UnusualActivity,
    };

    public static AlertsForm Read(IFormCollection form) => new()
    {
        HighUsage = form["highUsage"].ToString().Trim(),
        HighUsagePeriod = ReadPeriod(form["highUsagePeriod"]),
        Failures = form["failures"].ToString().Trim(),
        FailuresPeriod = ReadPeriod(form["failuresPeriod"]),
        UnusualActivity = form.ContainsKey("unusualActivity"),
    };

    public ApiKeyAlertSettings ToSettings(Texts texts, Dictionary<string, string> problems) => new()
    {
        HighUsage = ReadThreshold("highUsage", HighUsage, HighUsagePeriod, texts, problems),
        Failures = ReadThreshold("failures", Failures, FailuresPeriod, texts, problems),
        UnusualActivity = UnusualActivity,
    };

    private static ApiKeyAlertPeriod ReadPeriod(string? text) =>
        text == "hourly" ? ApiKeyAlertPeriod.Hourly : ApiKeyAlertPeriod.Daily;

    private static ApiKeyAlertThreshold? ReadThreshold(
        string field, string text, ApiKeyAlertPeriod period, Texts texts, Dictionary<string, string> problems)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
        {
            problems.TryAdd(field, texts["error.threshold"]);
        }

        return new ApiKeyAlertThreshold { Threshold = count, Period = period };
    }
}
