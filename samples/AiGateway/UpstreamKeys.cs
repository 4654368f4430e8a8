using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace AiGateway;

/// <summary>Replaces the caller's token with the upstream's key. If none is configured, the header is removed.</summary>
internal sealed class UpstreamKeys(IConfiguration configuration) : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        var key = configuration[$"Upstreams:{context.Cluster?.ClusterId}:ApiKey"];
        context.AddRequestTransform(transform =>
        {
            transform.ProxyRequest.Headers.Authorization = string.IsNullOrEmpty(key) ? null : new("Bearer", key);
            return ValueTask.CompletedTask;
        });
    }
}
