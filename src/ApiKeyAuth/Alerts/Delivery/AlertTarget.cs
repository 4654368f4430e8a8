namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>One of those who are told of alerts.</summary>
internal abstract class AlertTarget
{
    /// <summary>The name by which its deliveries are kept, the same on every node.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it wants to be told.</summary>
    public virtual bool Accepts(ApiKeyAlert alert) => true;

    /// <summary>Tells it, and never throws.</summary>
    public abstract Task<AlertDeliveryResult> DeliverAsync(ApiKeyAlert alert, CancellationToken cancellationToken);
}
