namespace ApiKeyAuth.Alerts.History;

/// <summary>Defines the outcomes of the last attempt to deliver an alert.</summary>
public enum ApiKeyAlertDeliveryOutcome
{
    /// <summary>The receiver accepted the alert.</summary>
    Delivered,

    /// <summary>The attempt failed, and another one follows.</summary>
    Rescheduled,

    /// <summary>The attempt failed, and no other one follows.</summary>
    Abandoned,

    /// <summary>The receiver does not want any more alerts (410).</summary>
    Gone,
}
