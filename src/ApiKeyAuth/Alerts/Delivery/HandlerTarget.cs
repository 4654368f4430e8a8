using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>Represents a handler of the app, which is resolved in a new scope for each alert.</summary>
internal sealed class HandlerTarget(Type type, int index, IServiceScopeFactory scopes) : AlertTarget
{
    private const int MaxNameLength = 150;

    public override string Name { get; } = $"handler:{(type.FullName is { Length: <= MaxNameLength } name ? name : type.Name)}:{index}";

    public override async Task<AlertDeliveryResult> DeliverAsync(ApiKeyAlert alert, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetServices<IApiKeyAlertHandler>().Where(handler => handler.GetType() == type).ElementAt(index)
                .HandleAsync(alert, cancellationToken);
            return AlertDeliveryResult.Delivered;
        }
        catch (Exception exception)
        {
            return AlertDeliveryResult.Failed(exception.GetType().Name);
        }
    }
}
