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

    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var requirements = await methods.FindAsync(invocationContext.HubMethod);
        if (invocationContext.Context.Features.Get<OpenStream>() is { } stream)
        {
            await CheckAsync(stream, invocationContext, requirements);
        }

        CountScopes(invocationContext, requirements);
        return await next(invocationContext);
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        if (context.Context.Features.Get<OpenStream>() is { } stream)
        {
            OpenStreams.Remove(stream);
        }

        await next(context, exception);
    }

    private async ValueTask CheckAsync(OpenStream stream, HubInvocationContext context, ScopeRequirement[] requirements)
    {
        if (!monitor.IsAllowed(stream) && !await monitor.IsAllowedAsync(stream))
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
}
