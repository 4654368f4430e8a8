namespace ApiKeyAuth.Alerts;

/// <summary>Represents a pending delivery of an alert to a target.</summary>
public sealed record ApiKeyAlertDelivery
{
    /// <summary>Gets the ID of the alert, at most 80 characters.</summary>
    public required string AlertId { get; init; }

    /// <summary>Gets the name of the target, at most 200 characters.</summary>
    public required string Target { get; init; }

    /// <summary>Gets the alert as JSON.</summary>
    public required string Payload { get; init; }

    /// <summary>Gets the time at which the delivery was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets the time of the next attempt.</summary>
    public required DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>Gets the number of attempts.</summary>
    public int Attempts { get; init; }
}
