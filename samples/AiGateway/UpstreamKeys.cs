using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace AiGateway;

/// <summary>Puts the upstream's own key where the caller's token was; with none configured the upstream gets neither.</summary>
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
