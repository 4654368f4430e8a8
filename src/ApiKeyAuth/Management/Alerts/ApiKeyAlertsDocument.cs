using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management;

/// <summary>How settings of alerts are shown.</summary>
internal sealed record ApiKeyAlertsDocument(ApiKeyAlertsDocument.SettingsDocument Alerts, string? SetFor)
{
    public static ApiKeyAlertsDocument Of(ApiKeyAlertChoice choice) => new(
        new SettingsDocument(choice.Settings.UnusualActivity, ThresholdDocument.Of(choice.Settings.HighUsage), ThresholdDocument.Of(choice.Settings.Failures)),
        choice.SetFor);

    internal sealed record SettingsDocument(bool UnusualActivity, ThresholdDocument? HighUsage, ThresholdDocument? Failures);

    internal sealed record ThresholdDocument(long Threshold, string Period)
    {
        public static ThresholdDocument? Of(ApiKeyAlertThreshold? set) =>
            set is null ? null : new(set.Threshold, set.Period == ApiKeyAlertPeriod.Daily ? "daily" : "hourly");
    }
}
