using System.Net;
using System.Net.Http.Headers;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace AiGateway;

/// <summary>Replaces the caller's token with the upstream's key, and distinguishes an error of that key from one of the token.</summary>
internal sealed partial class UpstreamKeys(IConfiguration configuration, ILogger<UpstreamKeys> logger) : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        var upstream = context.Cluster?.ClusterId ?? "";
        var key = configuration[$"Upstreams:{upstream}:ApiKey"];
        context.AddRequestTransform(transform =>
        {
            RemoveToken(transform);
            transform.ProxyRequest.Headers.Authorization = string.IsNullOrEmpty(key) ? null : new("Bearer", key);
            return ValueTask.CompletedTask;
        });
        context.AddResponseTransform(transform => RejectAsync(transform, upstream));
    }

    /// <summary>Removes the token from everything that is forwarded, in case the caller also sent it elsewhere.</summary>
    private static void RemoveToken(RequestTransformContext transform)
    {
        transform.Query.Collection.Clear();
        var token = transform.HttpContext.Request.Headers.Authorization.ToString().Split(' ')[^1];
        var request = transform.ProxyRequest;
        foreach (var headers in new HttpHeaders?[] { request.Headers, request.Content?.Headers }.OfType<HttpHeaders>())
        {
            string[] names =
            [
                .. headers.NonValidated
                    .Where(header => header.Value.Any(value => value.Contains(token, StringComparison.Ordinal)))
                    .Select(header => header.Key),
            ];
            Array.ForEach(names, name => headers.Remove(name));
        }
    }

    /// <summary>Reports the gateway's own key as the fault of the gateway, because the caller's token was accepted.</summary>
    private async ValueTask RejectAsync(ResponseTransformContext transform, string upstream)
    {
        if (transform.ProxyResponse?.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            return;
        }

        LogRejected(upstream, (int)transform.ProxyResponse.StatusCode);
        transform.SuppressResponseBody = true;
        var response = transform.HttpContext.Response;
        response.StatusCode = StatusCodes.Status502BadGateway;
        foreach (var name in new[] { HeaderNames.WWWAuthenticate, HeaderNames.ContentLength, HeaderNames.ContentEncoding })
        {
            response.Headers.Remove(name);
        }

        await ErrorBodies.WriteAsync(transform.HttpContext, "The model rejected the key of the gateway.");
    }

    [LoggerMessage(LogLevel.Error, "The upstream {Upstream} rejected the key of the gateway with {StatusCode}.")]
    private partial void LogRejected(string upstream, int statusCode);
}
