namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>How telling one alert ended.</summary>
internal sealed record AlertDeliveryResult
{
    public static readonly AlertDeliveryResult Delivered = new() { IsDelivered = true };

    /// <summary>The receiver wants no more of them (410).</summary>
    public static readonly AlertDeliveryResult Gone = new() { IsGone = true, Reason = "410" };

    /// <summary>The target did not answer in time.</summary>
    public static readonly AlertDeliveryResult TimedOut = new() { IsTimeout = true, Reason = "timeout" };

    public bool IsDelivered { get; private init; }

    public bool IsGone { get; private init; }

    public bool IsTimeout { get; private init; }

    /// <summary>Why it failed, for the log: a status or the type of an exception, never what the receiver wrote.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>How long the receiver asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static AlertDeliveryResult Failed(string reason, TimeSpan? retryAfter = null) => new() { Reason = reason, RetryAfter = retryAfter };
}
