namespace ApiKeyAuth.Alerts.History;

/// <summary>Represents what became of the delivery of an alert to a webhook. It contains no secret and no text of the receiver.</summary>
public sealed record ApiKeyAlertDeliveryRecord
{
    /// <summary>Gets the ID of the alert, at most 80 characters.</summary>
    public required string AlertId { get; init; }

    /// <summary>Gets the name of the target, at most 200 characters.</summary>
    public required string Target { get; init; }

    /// <summary>Gets the kind of the alert.</summary>
    public required string Kind { get; init; }

    /// <summary>Gets the ID of the key, or an empty string if the alert was a test.</summary>
    public required string KeyId { get; init; }

    /// <summary>Gets the tenant of the key or of the user who sent the test, or null if it has none.</summary>
    public string? TenantId { get; init; }

    /// <summary>Gets the time of the last attempt.</summary>
    public required DateTimeOffset AttemptedAt { get; init; }

    /// <summary>Gets the number of attempts.</summary>
    public required int Attempts { get; init; }

    /// <summary>Gets the outcome of the last attempt.</summary>
    public required ApiKeyAlertDeliveryOutcome Outcome { get; init; }

    /// <summary>
    /// Gets why the last attempt failed: an HTTP status, <c>timeout</c> or the type of an exception, at most 100 characters. It is null if
    /// the attempt succeeded.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>Gets the time of the next attempt, or null if none follows.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}
