using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Determines for each endpoint whether it is limited, and the cost of a request.</summary>
/// <remarks>An endpoint that allows anonymous callers rejects no caller because of a key, so it is not limited.</remarks>
internal sealed class EndpointCosts(IAuthorizationPolicyProvider policies)
{
    private static readonly object NotLimited = new();

    // By endpoint and not by route, so that an entry is collected when a dynamic data source replaces its endpoint.
    private readonly ConditionalWeakTable<Endpoint, object> _plans = [];

    /// <summary>Gets the cost of a request, or <see langword="null"/> if it is not limited.</summary>
    public ValueTask<long?> GetCostAsync(HttpContext context) =>
        context.GetEndpoint() is { } endpoint && _plans.TryGetValue(endpoint, out var plan)
            ? new(GetCost(plan, context))
            : FindCostAsync(context);

    private static long? GetCost(object plan, HttpContext context) => plan switch
    {
        RequestCostAttribute cost => cost.Cost,

        // Requests with the ID of a negotiated connection carry its messages and are not counted. An empty ID opens a connection.
        HubCost hub when StringValues.IsNullOrEmpty(context.Request.Query["id"]) => hub.Cost,
        _ => null,
    };

    private async ValueTask<long?> FindCostAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            return await policies.GetFallbackPolicyAsync() is null ? null : 1;
        }

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
        if (!isLimited)
        {
            return NotLimited;
        }

        var cost = metadata.GetMetadata<RequestCostAttribute>() ?? new RequestCostAttribute(1);
        var isHub = metadata.GetMetadata<HubMetadata>() is not null && metadata.GetMetadata<NegotiateMetadata>() is null;
        return isHub ? new HubCost(cost.Cost) : cost;
    }

    /// <summary>Represents the cost of a request that opens a hub connection without negotiation.</summary>
    private sealed record HubCost(long Cost);
}
