using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Connections.Hubs;

/// <summary>Monitors hub connections, whatever their transport, and rejects invocations that the key no longer allows.</summary>
internal sealed class StreamHubFilter(
    StreamFactory factory, StreamMonitor monitor, HubMethodRequirements methods, ScopeRequirementHandler scopes,
    Action<VerifiedApiKey, string> recordScopeUse) : IHubFilter
{
    private const string ConnectionEndedMessage = "The API key of this connection no longer allows it.";

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        if (context.Context.GetHttpContext() is not { } http || StreamFactory.FindActingKeys(http) is not { Count: > 0 } keys)
        {
            await next(context);
            return;
        }

        var stream = await factory.CreateAsync(keys, http, context.Context);
        context.Context.Features.Set(stream);
        monitor.Open(stream);
        try
        {
            if (!monitor.IsAllowed(stream) && !await monitor.IsAllowedAsync(stream))
            {
                throw new HubException(ConnectionEndedMessage);
            }

            await next(context);
        }
        catch
        {
            // SignalR does not call OnDisconnectedAsync in this case.
            OpenStreams.Remove(stream);
            throw;
        }
    }

    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var stream = invocationContext.Context.Features.Get<OpenStream>();
        var required = methods.FindAsync(invocationContext.HubMethod);
        if (!required.IsCompletedSuccessfully || (stream is not null && (!monitor.IsAllowed(stream) || HasChangedScopes(stream))))
        {
            return InvokeAsync(invocationContext, stream, required, next);
        }

        CountScopes(invocationContext, required.Result);
        return next(invocationContext);
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        if (context.Context.Features.Get<OpenStream>() is { } stream)
        {
            OpenStreams.Remove(stream);
        }

        await next(context, exception);
    }

    private async ValueTask<object?> InvokeAsync(
        HubInvocationContext context, OpenStream? stream, ValueTask<ScopeRequirement[]> required,
        Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var requirements = await required;
        if (stream is not null && !await monitor.IsAllowedAsync(stream))
        {
            throw new HubException(ConnectionEndedMessage);
        }

        for (var each = stream; each is not null; each = each.Sibling)
        {
            if (each.ChangedScopes is { } changed && !HubMethodRequirements.AreMet(requirements, each.Verified.Scopes, changed))
            {
                throw new HubException($"Failed to invoke '{context.HubMethodName}' because user is unauthorized");
            }
        }

        CountScopes(context, requirements);
        return await next(context);
    }

    /// <summary>Records the use of the scopes that the method requires. SignalR has already authorized the invocation.</summary>
    private void CountScopes(HubInvocationContext context, ScopeRequirement[] required)
    {
        if (required.Length == 0 || context.Context.User is not { } user || scopes.FindInvocationScopes(user, required) is not { } met)
        {
            return;
        }

        foreach (var scope in met.Scopes)
        {
            recordScopeUse(met.Key, scope);
        }
    }

    private static bool HasChangedScopes(OpenStream stream) =>
        stream.ChangedScopes is not null || (stream.Sibling is { } other && HasChangedScopes(other));
}
