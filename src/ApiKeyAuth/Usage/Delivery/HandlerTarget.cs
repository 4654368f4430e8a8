using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Usage;

/// <summary>A handler of the app, made anew in a scope of its own for each alert where it is registered so.</summary>
internal sealed class HandlerTarget(Type type, int index, IServiceScopeFactory scopes) : AlertTarget
{
    private const int MostName = 150;

    public override string Name { get; } = $"handler:{(type.FullName is { Length: <= MostName } name ? name : type.Name)}:{index}";

    public override async Task<AlertReceipt> TellAsync(ApiKeyAlert alert, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetServices<IApiKeyAlertHandler>().Where(handler => handler.GetType() == type).ElementAt(index)
                .HandleAsync(alert, cancellationToken);
            return AlertReceipt.Told;
        }
        catch (Exception exception)
        {
            return AlertReceipt.Failed(exception.GetType().Name);
        }
    }
}
