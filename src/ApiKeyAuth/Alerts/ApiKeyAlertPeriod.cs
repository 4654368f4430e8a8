namespace ApiKeyAuth.Alerts;

/// <summary>Defines the periods (UTC) in which requests are counted for an alert.</summary>
public enum ApiKeyAlertPeriod
{
    /// <summary>A full hour.</summary>
    Hourly,

    /// <summary>A day, from midnight to midnight.</summary>
    Daily,
}
