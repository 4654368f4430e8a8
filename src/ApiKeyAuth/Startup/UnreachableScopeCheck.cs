using ApiKeyAuth.Authorization;
using ApiKeyAuth.Authorization.Schemes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Startup;

/// <summary>
/// Finds endpoints that require scopes without naming a scheme, and whose other metadata names only schemes that do not accept keys.
/// </summary>
internal sealed class UnreachableScopeCheck(EndpointPolicyProvider policies, KeySchemeProvider schemes)
{
    /// <summary>Returns the problems of an endpoint, or of the methods of its hub.</summary>
    public async Task<IReadOnlyList<string>> FindProblemsAsync(string name, Endpoint endpoint, AuthorizationPolicy policy)
    {
        if (policy.AuthenticationSchemes.Count == 0 || (await schemes.GetRequestedSchemesAsync(policy)).CanAcceptKeys)
        {
            return [];
        }

        var schemeNames = string.Join(", ", policy.AuthenticationSchemes);
        var key = (await schemes.GetNamesAsync())[0];
        List<string> problems = [];
        if (GetFirstScope(policy) is { } scope && !await HasSchemeWithScopeAsync(endpoint))
        {
            problems.Add(
                $"{name} requires the scope {scope}, but its other metadata names only {schemeNames}, so that no API key can reach it; "
                + $"call .RequireAuthorization(new RequireScopeAttribute(\"{scope}\") {{ AuthenticationSchemes = \"{key}\" }}) "
                + "to accept keys as well, "
                + $"or with AuthenticationSchemes = \"{policy.AuthenticationSchemes[0]}\" to accept none.");
        }

        if (endpoint.Metadata.GetMetadata<HubMetadata>() is { } hub)
        {
            problems.AddRange((await policies.GetHubMethodPoliciesAsync(hub.HubType))
                .Where(method => KeySchemeProvider.HasScopeRequirement(method.Policy) && method.Policy.AuthenticationSchemes.Count == 0)
                .Select(method =>
                    $"Method {method.Method} of the hub {hub.HubType.Name} requires the scope {GetFirstScope(method.Policy)}, "
                    + $"but the hub names only {schemeNames}, so that no API key can reach it; "
                    + $"name the scheme {key} on the hub as well, or {policy.AuthenticationSchemes[0]} on the method to accept none."));
        }

        return problems;
    }

    /// <summary>Determines whether the metadata that requires the scopes names schemes itself, which is the app's decision.</summary>
    private async Task<bool> HasSchemeWithScopeAsync(Endpoint endpoint)
    {
        foreach (var item in endpoint.Metadata)
        {
            if (await policies.GetItemPolicyAsync(item) is { AuthenticationSchemes.Count: > 0 } policy
                && KeySchemeProvider.HasScopeRequirement(policy))
            {
                return true;
            }
        }

        return false;
    }

    private static string? GetFirstScope(AuthorizationPolicy policy) =>
        policy.Requirements.OfType<ScopeRequirement>().FirstOrDefault(scope => !scope.IsAnyKey)?.Scopes[0];
}
