namespace ApiKeyAuth.Alerts.History;

/// <summary>Represents a webhook and its last deliveries, without its secrets and its path, which is often a password.</summary>
public sealed record ApiKeyWebhookStatus
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the host and the port.</summary>
    public required string Host { get; init; }

    /// <summary>Gets the kinds that are sent. If it is empty, all kinds are sent.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>Gets whether the caller may send a test.</summary>
    public required bool CanTest { get; init; }

    /// <summary>Gets the last deliveries that the caller may see, latest first, or null if the store does not keep them.</summary>
    public IReadOnlyList<ApiKeyAlertDeliveryRecord>? Deliveries { get; init; }
}
