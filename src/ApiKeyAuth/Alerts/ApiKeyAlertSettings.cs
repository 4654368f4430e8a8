namespace ApiKeyAuth.Alerts;

/// <summary>Which alerts are raised for a key, or for each key of a tenant or of the app.</summary>
public sealed record ApiKeyAlertSettings
{
    /// <summary>Whether an hour with many more requests than a key is used to is told.</summary>
    public bool UnusualActivity { get; init; }

    /// <summary>From how many requests on it is told, or null for never.</summary>
    public ApiKeyAlertThreshold? HighUsage { get; init; }

    /// <summary>From how many failed requests on it is told, those answered with a status of 400 or more; null for never.</summary>
    public ApiKeyAlertThreshold? Failures { get; init; }
}
