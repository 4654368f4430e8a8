using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Knows of every endpoint what a request costs there, and whether it is limited at all.</summary>
/// <remarks>An endpoint that allows anonymous callers never refuses a caller for the key it holds, so it is not limited either.</remarks>
internal sealed class LimitedEndpoints(IAuthorizationPolicyProvider policies)
{
    private static readonly object NotLimited = new();

    // By endpoint, not by route: it goes when a dynamic data source replaces the endpoint.
    private readonly ConditionalWeakTable<Endpoint, object> _known = [];

    /// <summary>The cost of a request, or null where it is not limited.</summary>
    public ValueTask<long?> CostAsync(HttpContext context) =>
        (context.Features[typeof(IEndpointFeature)] as IEndpointFeature)?.Endpoint is { } endpoint
            ? _known.TryGetValue(endpoint, out var plan) ? new(Cost(plan, context)) : CostOfNewAsync(endpoint, context)
            : CostOfNoneAsync();

    private static long? Cost(object plan, HttpContext context) => plan switch
    {
        RequestCostAttribute cost => cost.Cost,

        // A connection that was negotiated names its id: what follows carries its messages, and is not counted. An empty id opens another.
        HubCost hub when StringValues.IsNullOrEmpty(context.Request.Query["id"]) => hub.Cost,
        _ => null,
    };

    private async ValueTask<long?> CostOfNoneAsync() => await policies.GetFallbackPolicyAsync() is null ? null : 1;

    private async ValueTask<long?> CostOfNewAsync(Endpoint endpoint, HttpContext context)
    {
        var plan = await PlanAsync(endpoint);
        _known.AddOrUpdate(endpoint, plan);
        return Cost(plan, context);
    }

    private async Task<object> PlanAsync(Endpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        var isLimited = metadata.GetMetadata<IAllowAnonymous>() is null
            && metadata.GetMetadata<WithoutRateLimitAttribute>() is null
            && (metadata.GetMetadata<IAuthorizeData>() is not null
                || metadata.GetMetadata<AuthorizationPolicy>() is not null
                || metadata.GetMetadata<IAuthorizationRequirementData>() is not null
                || metadata.GetMetadata<AuthorizeFilter>() is not null
                || await policies.GetFallbackPolicyAsync() is not null);
        return !isLimited ? NotLimited
            : metadata.GetMetadata<HubMetadata>() is null || metadata.GetMetadata<NegotiateMetadata>() is not null ? metadata.GetMetadata<RequestCostAttribute>() ?? new RequestCostAttribute(1)
            : new HubCost(metadata.GetMetadata<RequestCostAttribute>()?.Cost ?? 1);
    }

    /// <summary>What the request costs that opens a connection to a hub without negotiating first.</summary>
    private sealed record HubCost(long Cost);
}
