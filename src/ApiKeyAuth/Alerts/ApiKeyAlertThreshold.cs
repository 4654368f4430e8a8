namespace ApiKeyAuth.Alerts;

/// <summary>Represents the number of requests of a key in a period that raises an alert.</summary>
public sealed record ApiKeyAlertThreshold
{
    /// <summary>Gets the number of requests, at least 1.</summary>
    public required long Threshold { get; init; }

    /// <summary>Gets the period.</summary>
    public required ApiKeyAlertPeriod Period { get; init; }
}
