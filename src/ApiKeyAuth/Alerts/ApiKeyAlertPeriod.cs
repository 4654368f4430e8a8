namespace ApiKeyAuth.Alerts;

/// <summary>The spans of time in which requests are counted for an alert, in UTC.</summary>
public enum ApiKeyAlertPeriod
{
    /// <summary>From one full hour to the next.</summary>
    Hourly,

    /// <summary>From midnight to midnight.</summary>
    Daily,
}
