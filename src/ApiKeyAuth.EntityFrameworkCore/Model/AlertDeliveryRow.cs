using ApiKeyAuth.Alerts;

namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Represents a pending delivery of an alert, or, if the alert is empty, the mark of a disabled target.</summary>
internal class AlertDeliveryRow : NotifyingRow
{
    public const int AlertIdLength = 80;
    public const int TargetLength = 200;

    /// <summary>Gets or sets the ID of the alert, or an empty string in a mark.</summary>
    public virtual required string AlertId { get; set; }

    public virtual required string Target { get; set; }

    public virtual required string Alert { get; set; }

    public virtual long At { get; set; }

    /// <summary>Gets or sets when the next attempt is due.</summary>
    public virtual long NextAt { get; set; }

    public virtual int Attempts { get; set; }

    public static AlertDeliveryRow From(ApiKeyAlertDelivery delivery) => new()
    {
        AlertId = delivery.AlertId,
        Target = delivery.Target,
        Alert = delivery.Payload,
        At = delivery.CreatedAt.UtcTicks,
        NextAt = delivery.NextAttemptAt.UtcTicks,
        Attempts = delivery.Attempts,
    };

    public ApiKeyAlertDelivery ToDelivery() => new()
    {
        AlertId = AlertId,
        Target = Target,
        Payload = Alert,
        CreatedAt = UtcTime.FromTicks(At),
        NextAttemptAt = UtcTime.FromTicks(NextAt),
        Attempts = Attempts,
    };
}
