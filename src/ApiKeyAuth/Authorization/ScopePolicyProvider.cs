using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authorization;

namespace ApiKeyAuth.Authorization;

/// <summary>Provides the policies of scope requirements. The provider of the host provides all other policies.</summary>
internal sealed class ScopePolicyProvider(IAuthorizationPolicyProvider host) : IAuthorizationPolicyProvider
{
    private readonly ConcurrentDictionary<string, AuthorizationPolicy> _policies = new(StringComparer.Ordinal);

    // If this were false, the middleware would combine the policy again for every request.
    public bool AllowsCachingPolicies => host.AllowsCachingPolicies;

    public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName)
    {
        if (_policies.TryGetValue(policyName, out var known))
        {
            return Task.FromResult<AuthorizationPolicy?>(known);
        }

        if (ScopePolicyName.Parse(policyName) is not { } requirement)
        {
            return host.GetPolicyAsync(policyName);
        }

        // RequireAuthenticatedUser() is not needed, because only an authenticated identity meets the requirement. Each additional
        // requirement would take time on every request.
        var policy = new AuthorizationPolicyBuilder().AddRequirements(requirement).Build();
        return Task.FromResult<AuthorizationPolicy?>(_policies.GetOrAdd(policyName, policy));
    }

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => host.GetDefaultPolicyAsync();

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => host.GetFallbackPolicyAsync();
}
