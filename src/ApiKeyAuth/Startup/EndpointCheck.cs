using ApiKeyAuth.Authorization;
using ApiKeyAuth.Authorization.Schemes;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Startup;

/// <summary>Finds endpoints whose requirements cannot be met: unknown scopes and missing schemes.</summary>
internal sealed class EndpointCheck(
    ScopeCatalog catalog,
    IAuthorizationPolicyProvider policies,
    IAuthenticationSchemeProvider schemes,
    EndpointPolicyProvider endpointPolicies,
    KeySchemeProvider keySchemes,
    SkippedScopeCheck skippedScopes,
    UnreachableScopeCheck unreachableScopes)
{
    public async Task<List<string>> FindProblemsAsync(IReadOnlyList<Endpoint> endpoints)
    {
        if (policies is not ScopePolicyProvider)
        {
            return
            [
                $"{policies.GetType().Name} was registered as IAuthorizationPolicyProvider after AddApiKeyAuth(), which hides the scope "
                + "policies; register it before AddApiKeyAuth().",
            ];
        }

        var problems = new List<string>();
        var fallback = await policies.GetFallbackPolicyAsync();
        problems.AddRange(await FindPolicyProblemsAsync("The fallback policy", fallback));
        foreach (var endpoint in endpoints)
        {
            var name = $"Endpoint {endpoint.DisplayName ?? "(without a name)"}";
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
                && await endpointPolicies.GetPolicyAsync(endpoint) is { } policy
                && policy != fallback)
            {
                problems.AddRange(await FindPolicyProblemsAsync(name, policy));
                problems.AddRange(await unreachableScopes.FindProblemsAsync(name, endpoint, policy));
            }

            problems.AddRange(await skippedScopes.FindProblemsAsync(name, endpoint));
            if (await IsFilteredBySchemeAsync(endpoint.Metadata))
            {
                problems.Add(
                    $"{name} has an AuthorizeFilter that names a scheme, which authenticates only after rate limiting; "
                    + "remove the filter and call MapControllers().RequireAuthorization() instead.");
            }

            if (endpoint.Metadata.GetMetadata<HubMetadata>() is { } hub)
            {
                problems.AddRange(await FindHubProblemsAsync(hub.HubType));
            }
        }

        return [.. problems, .. MissingPolicyCheck.FindProblems(endpoints)];
    }

    private async Task<bool> IsFilteredBySchemeAsync(EndpointMetadataCollection metadata)
    {
        if (metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return false;
        }

        foreach (var filter in metadata.GetOrderedMetadata<AuthorizeFilter>())
        {
            // Schemes are added for scopes before the endpoint runs, which is too late for a filter.
            if ((filter.Policy ?? await endpointPolicies.CombineAsync([.. filter.AuthorizeData ?? []], [])) is { } policy
                && (policy.AuthenticationSchemes.Count > 0
                    || (KeySchemeProvider.HasScopeRequirement(policy) && await keySchemes.DefaultOmitsKeySchemesAsync())))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<IEnumerable<string>> FindPolicyProblemsAsync(string name, AuthorizationPolicy? policy) =>
        policy is null ? [] : [.. FindUnknownScopes(name, policy), .. await FindSchemeProblemsAsync(name, policy)];

    private IEnumerable<string> FindUnknownScopes(string endpoint, AuthorizationPolicy policy) =>
        policy.Requirements.OfType<ScopeRequirement>()
            .SelectMany(requirement => requirement.Scopes)
            .Distinct()
            .Where(scope => !catalog.Contains(scope))
            .Select(scope => $"{endpoint} requires the scope {scope}, which the catalog does not define; "
                + "declare it under ApiKeyAuth:Scopes or correct it.");

    private async Task<IEnumerable<string>> FindSchemeProblemsAsync(string endpoint, AuthorizationPolicy policy)
    {
        if (policy.AuthenticationSchemes.Count == 0)
        {
            return !KeySchemeProvider.HasScopeRequirement(policy) && await schemes.GetDefaultAuthenticateSchemeAsync() is null
                ?
                [
                    $"{endpoint} requires authentication but names no scheme, and there are several schemes without a default; name one, "
                    + "in the AuthenticationSchemes of an AuthorizeAttribute, or set AuthenticationOptions.DefaultScheme. "
                    + $"The schemes are {await GetSchemeNamesAsync()}.",
                ]
                : [];
        }

        var problems = new List<string>();
        foreach (var scheme in policy.AuthenticationSchemes)
        {
            if (await schemes.GetSchemeAsync(scheme) is null)
            {
                problems.Add(
                    $"{endpoint} names the scheme {scheme}, which does not exist; the schemes are {await GetSchemeNamesAsync()}.");
            }
        }

        return problems;
    }

    private async Task<string> GetSchemeNamesAsync() =>
        string.Join(", ", (await schemes.GetAllSchemesAsync()).Select(scheme => scheme.Name));

    private async Task<List<string>> FindHubProblemsAsync(Type hub)
    {
        var problems = new List<string>();
        foreach (var (method, policy) in await endpointPolicies.GetHubMethodPoliciesAsync(hub))
        {
            problems.AddRange(FindUnknownScopes($"Method {method} of the hub {hub.Name}", policy));
        }

        return problems;
    }
}
