using ApiKeyAuth.Alerts.History;

namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Represents what became of the delivery of an alert.</summary>
internal class AlertHistoryRow : NotifyingRow
{
    public const int ReasonLength = 100;

    public virtual required string AlertId { get; set; }

    public virtual required string Target { get; set; }

    public virtual required string Kind { get; set; }

    public virtual required string KeyId { get; set; }

    public virtual string? TenantId { get; set; }

    public virtual long At { get; set; }

    public virtual int Attempts { get; set; }

    public virtual int Outcome { get; set; }

    public virtual string? Reason { get; set; }

    public virtual long? NextAt { get; set; }

    public static AlertHistoryRow From(ApiKeyAlertDeliveryRecord record) => new()
    {
        AlertId = record.AlertId,
        Target = record.Target,
        Kind = record.Kind,
        KeyId = record.KeyId,
        TenantId = record.TenantId,
        At = record.AttemptedAt.UtcTicks,
        Attempts = record.Attempts,
        Outcome = (int)record.Outcome,
        Reason = record.Reason,
        NextAt = record.NextAttemptAt?.UtcTicks,
    };

    public ApiKeyAlertDeliveryRecord ToRecord() => new()
    {
        AlertId = AlertId,
        Target = Target,
        Kind = Kind,
        KeyId = KeyId,
        TenantId = TenantId,
        AttemptedAt = UtcTime.FromTicks(At),
        Attempts = Attempts,
        Outcome = (ApiKeyAlertDeliveryOutcome)Outcome,
        Reason = Reason,
        NextAttemptAt = NextAt is { } next ? UtcTime.FromTicks(next) : null,
    };
}
