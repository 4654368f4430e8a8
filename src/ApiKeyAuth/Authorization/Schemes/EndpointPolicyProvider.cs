using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>Provides the policies of endpoints and hub methods, combined as the framework combines them.</summary>
internal sealed class EndpointPolicyProvider(IAuthorizationPolicyProvider policies)
{
    /// <summary>Gets a value indicating whether the policy of an endpoint can be cached.</summary>
    public bool AllowsCaching => policies.AllowsCachingPolicies;

    /// <summary>
    /// Returns the policy of an endpoint, or the fallback policy if the endpoint has none. <c>AllowAnonymous</c> is not considered.
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
    /// <remarks>An attribute can both name a policy or schemes and add its own requirements.</remarks>
    public async Task<AuthorizationPolicy?> GetItemPolicyAsync(object item)
    {
        var policy = item as AuthorizationPolicy ?? (item is IAuthorizeData data ? await CombineAsync([data], []) : null);
        return AddRequirements(policy, item is IAuthorizationRequirementData more ? [.. more.GetRequirements()] : []);
    }

    private static AuthorizationPolicy? AddRequirements(AuthorizationPolicy? policy, IAuthorizationRequirement[] requirements) =>
        requirements.Length == 0 ? policy
        : policy is null ? new AuthorizationPolicyBuilder().AddRequirements(requirements).Build()
        : new AuthorizationPolicyBuilder(policy).AddRequirements(requirements).Build();

    /// <summary>Returns the policies of the methods of a hub, each with the name of the method.</summary>
    /// <remarks>
    /// SignalR checks the requirements of a method against the user of the connection, and ignores the schemes that the method names.
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

    /// <summary>Determines whether an endpoint, or a method of its hub, requires scopes and does not name a scheme.</summary>
    public async ValueTask<bool> RequiresKeySchemesAsync(Endpoint? endpoint)
    {
        var policy = await GetPolicyAsync(endpoint);
        return policy is null or { AuthenticationSchemes.Count: 0 }
            && ((policy is not null && KeySchemeProvider.HasScopeRequirement(policy))
                || (endpoint?.Metadata.GetMetadata<HubMetadata>() is { } hub
                    && (await GetHubMethodPoliciesAsync(hub.HubType))
                        .Exists(method => KeySchemeProvider.HasScopeRequirement(method.Policy))));
    }

    /// <summary>
    /// Combines the requirements, except for policies that the app does not define. The framework reports these when they are used.
    /// </summary>
    public async Task<AuthorizationPolicy?> CombineAsync(
        IReadOnlyList<IAuthorizeData> data, IReadOnlyList<AuthorizationPolicy> additionalPolicies)
    {
        var known = new List<IAuthorizeData>();
        foreach (var item in data)
        {
            if (string.IsNullOrWhiteSpace(item.Policy) || await policies.GetPolicyAsync(item.Policy) is not null)
            {
                known.Add(item);
            }
        }

        return known.Count == 0 && additionalPolicies.Count == 0 && data.Count > 0
            ? null
            : await AuthorizationPolicy.CombineAsync(policies, known, additionalPolicies);
    }
}
