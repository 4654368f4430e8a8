namespace ApiKeyAuth.Alerts;

/// <summary>Defines the states of an alert.</summary>
public enum ApiKeyAlertState
{
    /// <summary>The incident begins.</summary>
    Firing,

    /// <summary>The incident is resolved.</summary>
    Resolved,
}
