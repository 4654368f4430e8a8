using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Authorization;

/// <summary>Finds endpoints whose requirements nobody could meet: scopes the catalogue lacks, schemes that do not exist.</summary>
internal sealed class EndpointCheck(ScopeCatalogue catalogue, IAuthorizationPolicyProvider policies, IAuthenticationSchemeProvider schemes)
{
    public async Task<List<string>> FindProblemsAsync(IReadOnlyList<Endpoint> endpoints)
    {
        if (policies is not ScopePolicyProvider)
        {
            return [$"{policies.GetType().Name} was registered as IAuthorizationPolicyProvider after AddApiKeyAuth(), which hides the scope policies; register it before."];
        }

        var problems = new List<string>();
        foreach (var endpoint in endpoints)
        {
            var name = $"Endpoint {endpoint.DisplayName ?? "(without a name)"}";
            if (await PolicyOfAsync(endpoint) is { } policy)
            {
                problems.AddRange(UnknownScopes(name, policy.Requirements.OfType<ScopeRequirement>().SelectMany(requirement => requirement.Scopes)));
                problems.AddRange(await SchemeProblemsAsync(name, policy));
            }

            if (endpoint.Metadata.GetMetadata<HubMetadata>() is { } hub)
            {
                problems.AddRange(UnknownScopes(name, HubMethodScopes(hub.HubType)));
            }
        }

        return [.. problems, .. PolicyNeeds.FindProblems(endpoints)];
    }

    private async Task<AuthorizationPolicy?> PolicyOfAsync(Endpoint endpoint)
    {
        try
        {
            return endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
                ? null
                : await AuthorizationPolicy.CombineAsync(
                    policies, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>(), endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>());
        }
        catch (InvalidOperationException)
        {
            // The endpoint names a policy that the host does not know yet; the framework says so when it is called.
            return null;
        }
    }

    private IEnumerable<string> UnknownScopes(string endpoint, IEnumerable<string> scopes) =>
        scopes.Distinct().Where(scope => !catalogue.Contains(scope)).Select(scope =>
            $"{endpoint} requires the scope {scope}, which the catalogue does not hold; declare it under ApiKeyAuth:Scopes or correct it.");

    private async Task<IEnumerable<string>> SchemeProblemsAsync(string endpoint, AuthorizationPolicy policy)
    {
        if (policy.AuthenticationSchemes.Count == 0)
        {
            return await schemes.GetDefaultAuthenticateSchemeAsync() is null
                ? [$"{endpoint} needs a caller but names no scheme, and of several there is no default; name one, as in .RequireScope(scope, scheme), or set AuthenticationOptions.DefaultScheme. There are {await NamesAsync()}."]
                : [];
        }

        var problems = new List<string>();
        foreach (var scheme in policy.AuthenticationSchemes)
        {
            if (await schemes.GetSchemeAsync(scheme) is null)
            {
                problems.Add($"{endpoint} names the scheme {scheme}, which does not exist; there are {await NamesAsync()}. Two scopes are required by RequireAllScopes or RequireAnyScope.");
            }
        }

        return problems;
    }

    private async Task<string> NamesAsync() => string.Join(", ", (await schemes.GetAllSchemesAsync()).Select(scheme => scheme.Name));

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "SignalR itself keeps the public methods of every mapped hub.")]
    private static IEnumerable<string> HubMethodScopes(Type hub) =>
        hub.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .SelectMany(method => method.GetCustomAttributes<RequireScopeAttribute>(inherit: true))
            .SelectMany(attribute => attribute.Scopes);
}
