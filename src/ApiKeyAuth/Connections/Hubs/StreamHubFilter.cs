using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Connections;

/// <summary>Has hub connections watched, whatever their transport, and refuses invocations that their key no longer allows.</summary>
internal sealed class StreamHubFilter(StreamFactory factory, StreamMonitor monitor, HubMethodRequirements methods) : IHubFilter
{
    private const string Ended = "The API key of this connection no longer allows it.";

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        if (context.Context.GetHttpContext() is not { } http || StreamFactory.Find(http) is not { } verified)
        {
            await next(context);
            return;
        }

        var stream = await factory.CreateAsync(verified, http, context.Context);
        context.Context.Features.Set(stream);
        monitor.Open(stream);
        try
        {
            if (!monitor.IsAllowed(stream) && !await monitor.IsAllowedAsync(stream))
            {
                throw new HubException(Ended);
            }

            await next(context);
        }
        catch
        {
            // SignalR does not call OnDisconnectedAsync then.
            OpenStreams.Remove(stream);
            throw;
        }
    }

    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next) =>
        invocationContext.Context.Features[typeof(OpenStream)] is not OpenStream stream || (monitor.IsAllowed(stream) && stream.ChangedScopes is null)
            ? next(invocationContext)
            : InvokeAsync(invocationContext, stream, next);

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        if (context.Context.Features[typeof(OpenStream)] is OpenStream stream)
        {
            OpenStreams.Remove(stream);
        }

        await next(context, exception);
    }

    private async ValueTask<object?> InvokeAsync(
        HubInvocationContext context, OpenStream stream, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (!await monitor.IsAllowedAsync(stream))
        {
            throw new HubException(Ended);
        }

        return stream.ChangedScopes is { } scopes && !await methods.AreMetAsync(context.HubMethod, stream.Verified.Scopes, scopes)
            ? throw new HubException($"Failed to invoke '{context.HubMethodName}' because user is unauthorized")
            : await next(context);
    }
}
