namespace ApiKeyAuth.Alerts;

/// <summary>Defines a handler of alerts. Several handlers can be registered, and each receives all alerts.</summary>
/// <remarks>
/// Each alert is handled on one node. If the node stops or the handler throws, the alert is delivered again with the same ID.
/// </remarks>
public interface IApiKeyAlertHandler
{
    /// <summary>Handles an alert.</summary>
    ValueTask HandleAsync(ApiKeyAlert alert, CancellationToken cancellationToken);
}
