namespace ApiKeyAuth.Alerts.Endpoints;

/// <summary>Represents the alert settings that apply, in a response.</summary>
internal sealed record ApiKeyAlertsDocument(ApiKeyAlertSettingsDocument Alerts, string? SetFor)
{
    public static ApiKeyAlertsDocument Create(ApiKeyEffectiveAlertSettings effective) => new(
        new ApiKeyAlertSettingsDocument
        {
            UnusualActivity = effective.Settings.UnusualActivity,
            HighUsage = ApiKeyAlertThresholdDocument.Create(effective.Settings.HighUsage),
            Failures = ApiKeyAlertThresholdDocument.Create(effective.Settings.Failures),
        },
        effective.SetFor);
}
