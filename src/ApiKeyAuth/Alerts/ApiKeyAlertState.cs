namespace ApiKeyAuth.Alerts;

/// <summary>Whether what an alert is about begins or is over.</summary>
public enum ApiKeyAlertState
{
    /// <summary>It begins.</summary>
    Firing,

    /// <summary>It is over.</summary>
    Resolved,
}
