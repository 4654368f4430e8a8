using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>Combines what endpoints and hub methods require, as the framework does.</summary>
internal sealed class EndpointPolicyProvider(IAuthorizationPolicyProvider policies)
{
    /// <summary>Gets whether the policy of an endpoint stays the same.</summary>
    public bool AllowsCaching => policies.AllowsCachingPolicies;

    /// <summary>
    /// Returns the policy of an endpoint, which <c>AllowAnonymous</c> may lift; the fallback policy if it has none of its own.
    /// </summary>
    public async Task<AuthorizationPolicy?> GetPolicyAsync(Endpoint? endpoint)
    {
        if (endpoint is null)
        {
            return await policies.GetFallbackPolicyAsync();
        }

        var metadata = endpoint.Metadata;
        var policy = await CombineAsync(metadata.GetOrderedMetadata<IAuthorizeData>(), metadata.GetOrderedMetadata<AuthorizationPolicy>());
        var more = metadata.GetOrderedMetadata<IAuthorizationRequirementData>().SelectMany(data => data.GetRequirements()).ToArray();
        return AddRequirements(policy, more);
    }

    /// <summary>Returns the policy of one item of an endpoint's metadata, or null if the item requires nothing.</summary>
    /// <remarks>An attribute may both name a policy or schemes and bring requirements of its own.</remarks>
    public async Task<AuthorizationPolicy?> GetItemPolicyAsync(object item)
    {
        var policy = item as AuthorizationPolicy ?? (item is IAuthorizeData data ? await CombineAsync([data], []) : null);
        return AddRequirements(policy, item is IAuthorizationRequirementData more ? [.. more.GetRequirements()] : []);
    }

    private static AuthorizationPolicy? AddRequirements(AuthorizationPolicy? policy, IAuthorizationRequirement[] requirements) =>
        requirements.Length == 0 ? policy
        : policy is null ? new AuthorizationPolicyBuilder().AddRequirements(requirements).Build()
        : new AuthorizationPolicyBuilder(policy).AddRequirements(requirements).Build();

    /// <summary>Returns the policies of a hub's methods, by the methods' names.</summary>
    /// <remarks>
    /// SignalR checks the requirements of a method against the caller of the connection, and ignores the schemes that the method names.
    /// </remarks>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "SignalR itself keeps the public methods of every mapped hub.")]
    public async Task<List<(string Method, AuthorizationPolicy Policy)>> GetHubMethodPoliciesAsync(Type hub)
    {
        List<(string, AuthorizationPolicy)> found = [];
        foreach (var method in hub.GetMethods(BindingFlags.Public | BindingFlags.Instance))
        {
            var data = method.GetCustomAttributes(inherit: true).OfType<IAuthorizeData>().ToArray();
            if (data.Length > 0 && await CombineAsync(data, []) is { } policy)
            {
                found.Add((method.Name, policy));
            }
        }

        return found;
    }

    /// <summary>Returns whether an endpoint requires scopes, itself or by a method of its hub, and names no scheme.</summary>
    public async ValueTask<bool> RequiresKeySchemesAsync(Endpoint? endpoint)
    {
        var policy = await GetPolicyAsync(endpoint);
        return policy is null or { AuthenticationSchemes.Count: 0 }
            && ((policy is not null && KeySchemeProvider.HasScopeRequirement(policy))
                || (endpoint?.Metadata.GetMetadata<HubMetadata>() is { } hub
                    && (await GetHubMethodPoliciesAsync(hub.HubType)).Exists(method => KeySchemeProvider.HasScopeRequirement(method.Policy))));
    }

    /// <summary>
    /// Combines what is required, but for policies that the app does not know yet: the framework reports these when they are used.
    /// </summary>
    public async Task<AuthorizationPolicy?> CombineAsync(IReadOnlyList<IAuthorizeData> data, IReadOnlyList<AuthorizationPolicy> additionalPolicies)
    {
        var known = new List<IAuthorizeData>();
        foreach (var item in data)
        {
            if (string.IsNullOrWhiteSpace(item.Policy) || await policies.GetPolicyAsync(item.Policy) is not null)
            {
                known.Add(item);
            }
        }

        return known.Count == 0 && additionalPolicies.Count == 0 && data.Count > 0 ? null : await AuthorizationPolicy.CombineAsync(policies, known, additionalPolicies);
    }
}
