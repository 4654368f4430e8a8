using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authorization;

namespace ApiKeyAuth.Authorization;

/// <summary>Knows the policies of scope requirements, and asks the host's provider for all others.</summary>
internal sealed class ScopePolicyProvider(IAuthorizationPolicyProvider host) : IAuthorizationPolicyProvider
{
    private readonly ConcurrentDictionary<string, AuthorizationPolicy> _policies = new(StringComparer.Ordinal);

    // Without it the middleware combines the policy anew on every request.
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

        // Not RequireAuthenticatedUser() too: the requirement is met by an authenticated identity alone, and each requirement costs every request.
        var policy = new AuthorizationPolicyBuilder().AddRequirements(requirement).Build();
        return Task.FromResult<AuthorizationPolicy?>(_policies.GetOrAdd(policyName, policy));
    }

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => host.GetDefaultPolicyAsync();

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => host.GetFallbackPolicyAsync();
}
