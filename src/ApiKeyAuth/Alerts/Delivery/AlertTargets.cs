using ApiKeyAuth.Alerts.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>Represents all targets: the registered handlers, including the log's, and the configured webhooks.</summary>
internal sealed class AlertTargets
{
    private readonly AlertTarget[] _targets;

    public AlertTargets(IServiceScopeFactory scopes, ApiKeyAlertOptions options, WebhookSender sender)
    {
        using var scope = scopes.CreateScope();
        var handlers = scope.ServiceProvider.GetServices<IApiKeyAlertHandler>().GroupBy(handler => handler.GetType());
        _targets =
        [
            .. handlers.SelectMany(same => same.Select((_, index) => new HandlerTarget(same.Key, index, scopes))),
            .. options.Webhooks.Select(webhook => new WebhookTarget(webhook, sender)),
        ];
    }

    /// <summary>Gets all targets.</summary>
    public IReadOnlyList<AlertTarget> All => _targets;

    public IEnumerable<AlertTarget> GetTargets(ApiKeyAlert alert) => _targets.Where(target => target.Accepts(alert));
}
