namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>Represents a target of alerts.</summary>
internal abstract class AlertTarget
{
    /// <summary>Gets the name by which deliveries are stored. It is the same on every node.</summary>
    public abstract string Name { get; }

    /// <summary>Gets a value indicating whether the store keeps the last deliveries.</summary>
    public virtual bool HasHistory => false;

    /// <summary>Determines whether the target receives an alert.</summary>
    public virtual bool Accepts(ApiKeyAlert alert) => true;

    /// <summary>Delivers an alert. It does not throw.</summary>
    public abstract Task<AlertDeliveryResult> DeliverAsync(ApiKeyAlert alert, CancellationToken cancellationToken);
}
