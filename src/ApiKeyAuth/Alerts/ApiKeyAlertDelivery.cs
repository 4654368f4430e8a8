namespace ApiKeyAuth.Alerts;

/// <summary>An alert that is to be told to one of those who are told.</summary>
public sealed record ApiKeyAlertDelivery
{
    /// <summary>The alert's id, at most 80 characters.</summary>
    public required string AlertId { get; init; }

    /// <summary>Who is told, at most 200 characters.</summary>
    public required string Target { get; init; }

    /// <summary>The alert as JSON.</summary>
    public required string Payload { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it may be tried.</summary>
    public required DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }
}
