namespace ApiKeyAuth.Alerts;

/// <summary>Is told of alerts. Register any number; each is told of every alert.</summary>
/// <remarks>Each alert is handed over on one node. Where that node ends meanwhile, or the handler throws, it is handed over again under the same id.</remarks>
public interface IApiKeyAlertHandler
{
    /// <summary>Takes an alert.</summary>
    ValueTask HandleAsync(ApiKeyAlert alert, CancellationToken cancellationToken);
}
