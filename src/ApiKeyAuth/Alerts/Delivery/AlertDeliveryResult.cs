namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>Represents the result of a delivery.</summary>
internal sealed record AlertDeliveryResult
{
    public static readonly AlertDeliveryResult Delivered = new() { IsDelivered = true };

    /// <summary>The receiver no longer accepts deliveries (410).</summary>
    public static readonly AlertDeliveryResult Gone = new() { IsGone = true, Reason = "410" };

    /// <summary>The target did not respond before the timeout.</summary>
    public static readonly AlertDeliveryResult TimedOut = new() { IsTimeout = true, Reason = "timeout" };

    public bool IsDelivered { get; private init; }

    public bool IsGone { get; private init; }

    public bool IsTimeout { get; private init; }

    /// <summary>Gets the reason of the failure for the log: a status or the type of an exception, not text from the receiver.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>Gets the time that the receiver asked to wait.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static AlertDeliveryResult Failed(string reason, TimeSpan? retryAfter = null) =>
        new() { Reason = reason, RetryAfter = retryAfter };
}
