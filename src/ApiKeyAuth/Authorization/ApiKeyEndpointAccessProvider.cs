using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Authorization.Schemes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authorization;

/// <summary>Provides what endpoints require of their callers, as requests to them are authorized.</summary>
public sealed class ApiKeyEndpointAccessProvider
{
    private readonly EndpointPolicyProvider _policies;
    private readonly KeySchemeProvider _keySchemes;
    private readonly ForwardingSchemes _forwarding;

    internal ApiKeyEndpointAccessProvider(
        EndpointPolicyProvider policies, KeySchemeProvider keySchemes, IOptions<ForwardingSchemes> forwarding)
    {
        (_policies, _keySchemes, _forwarding) = (policies, keySchemes, forwarding.Value);
    }

    /// <summary>Gets what an endpoint requires.</summary>
    /// <param name="endpoint">The endpoint, of which only the metadata is read.</param>
    /// <returns>The requirements, or null if the endpoint accepts anonymous callers.</returns>
    public async Task<ApiKeyEndpointAccess?> GetAccessAsync(Endpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null || await _policies.GetPolicyAsync(endpoint) is not { } policy)
        {
            return null;
        }

        var requested = await _keySchemes.GetRequestedSchemesAsync(policy);
        string[] forwarding = [.. requested.OtherSchemeNames.Where(_forwarding.KeySchemes.ContainsKey)];
        return new ApiKeyEndpointAccess(
            [.. requested.KeySchemeNames.Union(forwarding.Select(name => _forwarding.KeySchemes[name]), StringComparer.Ordinal)],
            [.. requested.OtherSchemeNames.Except(forwarding).Union(forwarding.Select(name => _forwarding.OtherSchemes[name]))],
            [.. policy.Requirements.OfType<ScopeRequirement>()]);
    }
}
