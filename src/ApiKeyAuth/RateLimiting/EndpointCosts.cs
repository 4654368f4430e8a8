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
internal sealed class EndpointCosts(IAuthorizationPolicyProvider policies)
{
    private static readonly object NotLimited = new();

    // By endpoint, not by route: it goes when a dynamic data source replaces the endpoint.
    private readonly ConditionalWeakTable<Endpoint, object> _plans = [];

    /// <summary>The cost of a request, or null where it is not limited.</summary>
    public ValueTask<long?> GetCostAsync(HttpContext context) =>
        (context.Features[typeof(IEndpointFeature)] as IEndpointFeature)?.Endpoint is { } endpoint
            ? _plans.TryGetValue(endpoint, out var plan) ? new(GetCost(plan, context)) : AddAndGetCostAsync(endpoint, context)
            : GetFallbackCostAsync();

    private static long? GetCost(object plan, HttpContext context) => plan switch
    {
        RequestCostAttribute cost => cost.Cost,

        // A connection that was negotiated names its id: what follows carries its messages, and is not counted. An empty id opens another.
        HubCost hub when StringValues.IsNullOrEmpty(context.Request.Query["id"]) => hub.Cost,
        _ => null,
    };

    private async ValueTask<long?> GetFallbackCostAsync() => await policies.GetFallbackPolicyAsync() is null ? null : 1;

    private async ValueTask<long?> AddAndGetCostAsync(Endpoint endpoint, HttpContext context)
    {
        var plan = await CreatePlanAsync(endpoint);
        _plans.AddOrUpdate(endpoint, plan);
        return GetCost(plan, context);
    }

    private async Task<object> CreatePlanAsync(Endpoint endpoint)
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
