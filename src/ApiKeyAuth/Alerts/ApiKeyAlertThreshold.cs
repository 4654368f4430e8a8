namespace ApiKeyAuth.Alerts;

/// <summary>How many requests of one key in one period are worth telling.</summary>
public sealed record ApiKeyAlertThreshold
{
    /// <summary>The number at which it is told, at least 1.</summary>
    public required long Threshold { get; init; }

    /// <summary>The period.</summary>
    public required ApiKeyAlertPeriod Period { get; init; }
}
