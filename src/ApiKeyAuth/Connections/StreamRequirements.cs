using System.Runtime.CompilerServices;
using ApiKeyAuth.Authorization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Connections;

/// <summary>Provides the scope requirements of endpoints, combined like in the authorization middleware.</summary>
internal sealed class StreamRequirements(IAuthorizationPolicyProvider policies)
{
    private readonly ConditionalWeakTable<Endpoint, ScopeRequirement[]> _requirementsByEndpoint = [];

    /// <summary>Returns the scope requirements of an endpoint, or those of the fallback policy without an endpoint.</summary>
    public async ValueTask<ScopeRequirement[]> FindAsync(Endpoint? endpoint) =>
        endpoint is not null && _requirementsByEndpoint.TryGetValue(endpoint, out var known) ? known : await ReadAsync(endpoint);

    private async Task<ScopeRequirement[]> ReadAsync(Endpoint? endpoint)
    {
        var metadata = endpoint?.Metadata ?? EndpointMetadataCollection.Empty;
        if (metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return [];
        }

        var policy = await AuthorizationPolicy.CombineAsync(
            policies, metadata.GetOrderedMetadata<IAuthorizeData>(), metadata.GetOrderedMetadata<AuthorizationPolicy>());
        ScopeRequirement[] requirements =
        [
            .. policy?.Requirements.OfType<ScopeRequirement>() ?? [],
            .. metadata.GetOrderedMetadata<IAuthorizationRequirementData>()
                .SelectMany(data => data.GetRequirements())
                .OfType<ScopeRequirement>(),
        ];
        if (endpoint is not null && policies.AllowsCachingPolicies)
        {
            _requirementsByEndpoint.AddOrUpdate(endpoint, requirements);
        }

        return requirements;
    }
}
