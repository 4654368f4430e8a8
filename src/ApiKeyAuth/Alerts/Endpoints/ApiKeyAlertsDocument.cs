
namespace ApiKeyAuth.Alerts.Endpoints;

/// <summary>Represents alert settings as JSON.</summary>
internal sealed record ApiKeyAlertsDocument(ApiKeyAlertsDocument.SettingsDocument Alerts, string? SetFor)
{
    public static ApiKeyAlertsDocument Create(ApiKeyEffectiveAlertSettings effective) => new(
        new SettingsDocument(
            effective.Settings.UnusualActivity,
            ThresholdDocument.Create(effective.Settings.HighUsage),
            ThresholdDocument.Create(effective.Settings.Failures)),
        effective.SetFor);

    internal sealed record SettingsDocument(bool UnusualActivity, ThresholdDocument? HighUsage, ThresholdDocument? Failures);

    internal sealed record ThresholdDocument(long Threshold, string Period)
    {
        public static ThresholdDocument? Create(ApiKeyAlertThreshold? threshold) =>
            threshold is null ? null : new(threshold.Threshold, threshold.Period == ApiKeyAlertPeriod.Daily ? "daily" : "hourly");
    }
}
