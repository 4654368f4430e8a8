namespace ApiKeyAuth.Alerts.Endpoints;

/// <summary>Represents alert settings in a request or a response.</summary>
internal record ApiKeyAlertSettingsDocument
{
    public bool? UnusualActivity { get; init; }

    public ApiKeyAlertThresholdDocument? HighUsage { get; init; }

    public ApiKeyAlertThresholdDocument? Failures { get; init; }

    /// <summary>Converts the document to settings, which are validated when they are set.</summary>
    public ApiKeyAlertSettings ToSettings() => new()
    {
        UnusualActivity = UnusualActivity ?? false,
        HighUsage = HighUsage?.ToThreshold(),
        Failures = Failures?.ToThreshold(),
    };
}
