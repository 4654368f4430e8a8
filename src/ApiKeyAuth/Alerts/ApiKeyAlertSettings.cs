namespace ApiKeyAuth.Alerts;

/// <summary>Represents the alert settings of a key, or of all keys of a tenant or the app.</summary>
public sealed record ApiKeyAlertSettings
{
    /// <summary>Gets a value indicating whether an hour with many more requests than usual raises an alert.</summary>
    public bool UnusualActivity { get; init; }

    /// <summary>Gets the number of requests that raises an alert, or <see langword="null"/> for never.</summary>
    public ApiKeyAlertThreshold? HighUsage { get; init; }

    /// <summary>
    /// Gets the number of failed requests (status 400 or higher) that raises an alert, or <see langword="null"/> for never.
    /// </summary>
    public ApiKeyAlertThreshold? Failures { get; init; }
}
