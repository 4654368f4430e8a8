namespace ApiKeyAuth.Alerts.Endpoints;

/// <summary>
/// Represents the body of a request to set alerts: either the settings, or an object with the settings in its member <c>alerts</c>.
/// </summary>
internal sealed record ApiKeyAlertSettingsRequestDocument : ApiKeyAlertSettingsDocument
{
    public ApiKeyAlertSettingsDocument? Alerts { get; init; }

    /// <summary>Finds the settings that are given outside of <c>alerts</c>, although the body has that member.</summary>
    public Dictionary<string, string> FindProblems()
    {
        var members = new (string Name, object? Value)[]
        {
            ("unusualActivity", UnusualActivity), ("highUsage", HighUsage), ("failures", Failures),
        };
        return members.Where(member => Alerts is not null && member.Value is not null)
            .ToDictionary(member => member.Name, _ => "must be inside alerts", StringComparer.Ordinal);
    }
}
