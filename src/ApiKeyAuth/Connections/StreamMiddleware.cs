using ApiKeyAuth.Authentication.Tickets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Connections;

/// <summary>Monitors requests that stay open after they were authorized.</summary>
internal sealed class StreamMiddleware(RequestDelegate next, StreamFactory factory, StreamMonitor monitor)
{
    private const string GrpcContentType = "application/grpc";

    public Task InvokeAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<HubMetadata>() is not null)
        {
            StreamFactory.KeepActingKeys(context);
            return next(context);
        }

        var request = context.Request;
        var isStream = metadata?.GetMetadata<EndOnRevocationAttribute>() is not null || IsGrpc(request);
        return isStream || request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method)
            ? OpenAsync(context, isStream)
            : next(context);
    }

    private static bool IsGrpc(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && request.Headers.ContentType.ToString().StartsWith(GrpcContentType, StringComparison.OrdinalIgnoreCase);

    private async Task OpenAsync(HttpContext context, bool isStream)
    {
        var keys = AuthenticatedKeys.GetAll(context);
        if (keys.Count > 0)
        {
            Monitor(context, await factory.CreateAsync(keys, context, context), isStream);
        }

        await next(context);
    }

    private void Monitor(HttpContext context, OpenStream stream, bool isStream)
    {
        if (isStream)
        {
            StreamUpgradeFeature.Open(context, stream, monitor);
        }
        else
        {
            StreamUpgradeFeature.Wrap(context, stream, monitor);
        }
    }
}
