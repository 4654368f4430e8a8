using ApiKeyAuth.Alerts;

namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>An alert that is to be told to a target; with an empty alert the mark of a target that is closed.</summary>
internal class AlertDeliveryRow : NotifyingRow
{
    public const int AlertIdLength = 80;
    public const int TargetLength = 200;

    /// <summary>The alert's id, or empty in the mark.</summary>
    public virtual required string AlertId { get; set; }

    public virtual required string Target { get; set; }

    public virtual required string Alert { get; set; }

    public virtual long At { get; set; }

    /// <summary>When it may be tried; of a mark, never.</summary>
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
