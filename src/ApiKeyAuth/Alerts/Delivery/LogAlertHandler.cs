using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>Writes alerts into the log: a warning when one begins, an information when it is over.</summary>
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
