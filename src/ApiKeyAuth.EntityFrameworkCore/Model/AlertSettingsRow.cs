using ApiKeyAuth.Alerts;

namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Represents the alert settings of the app, a tenant or a key. Those of a key are deleted with it.</summary>
internal class AlertSettingsRow : NotifyingRow
{
    public const int SubjectLength = 420;

    public virtual required string Subject { get; set; }

    public virtual string? KeyId { get; set; }

    public virtual bool UnusualActivity { get; set; }

    public virtual long? HighUsage { get; set; }

    public virtual bool HighUsageDaily { get; set; }

    public virtual long? Failures { get; set; }

    public virtual bool FailuresDaily { get; set; }

    public static AlertSettingsRow From(ApiKeyAlertSubject subject, ApiKeyAlertSettings settings) => new()
    {
        Subject = subject.Name,
        KeyId = subject.KeyId,
        UnusualActivity = settings.UnusualActivity,
        HighUsage = settings.HighUsage?.Threshold,
        HighUsageDaily = settings.HighUsage?.Period == ApiKeyAlertPeriod.Daily,
        Failures = settings.Failures?.Threshold,
        FailuresDaily = settings.Failures?.Period == ApiKeyAlertPeriod.Daily,
    };

    public ApiKeyAlertSettings ToSettings() => new()
    {
        UnusualActivity = UnusualActivity,
        HighUsage = ToThreshold(HighUsage, HighUsageDaily),
        Failures = ToThreshold(Failures, FailuresDaily),
    };

    private static ApiKeyAlertThreshold? ToThreshold(long? number, bool isDaily) =>
        number is { } threshold
            ? new() { Threshold = threshold, Period = isDaily ? ApiKeyAlertPeriod.Daily : ApiKeyAlertPeriod.Hourly }
            : null;
}
