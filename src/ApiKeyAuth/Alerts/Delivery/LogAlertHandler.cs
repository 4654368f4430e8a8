using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>Logs alerts: a warning when an alert is firing, and an information when it is resolved.</summary>
internal sealed class LogAlertHandler(ILogger<LogAlertHandler> logger) : IApiKeyAlertHandler
{
    public ValueTask HandleAsync(ApiKeyAlert alert, CancellationToken cancellationToken)
    {
        if (alert.State == ApiKeyAlertState.Firing)
        {
            Log.AlertFiring(logger, alert.Kind, alert.Id, alert.Message);
        }
        else
        {
            Log.AlertResolved(logger, alert.Kind, alert.Id, alert.Message);
        }

        return ValueTask.CompletedTask;
    }
}
