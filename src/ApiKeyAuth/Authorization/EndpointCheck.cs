using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Authorization;
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
        var fallback = await policies.GetFallbackPolicyAsync();
        problems.AddRange(await PolicyProblemsAsync("The fallback policy", fallback));
        foreach (var endpoint in endpoints)
        {
            var name = $"Endpoint {endpoint.DisplayName ?? "(without a name)"}";
            if (await PolicyOfAsync(endpoint) is { } policy && policy != fallback)
            {
                problems.AddRange(await PolicyProblemsAsync(name, policy));
            }

            if (await IsFilteredBySchemeAsync(endpoint.Metadata))
            {
                problems.Add($"{name} has an AuthorizeFilter that names a scheme, which authenticates only after the limiter; take the filter away and call MapControllers().RequireAuthorization() instead.");
            }

            if (endpoint.Metadata.GetMetadata<HubMetadata>() is { } hub)
            {
                problems.AddRange(await HubProblemsAsync(hub.HubType));
            }
        }

        return [.. problems, .. PolicyNeeds.FindProblems(endpoints)];
    }

    private async Task<bool> IsFilteredBySchemeAsync(EndpointMetadataCollection metadata)
    {
        if (metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return false;
        }

        foreach (var filter in metadata.GetOrderedMetadata<AuthorizeFilter>())
        {
            if ((filter.Policy ?? await CombineAsync([.. filter.AuthorizeData ?? []], [])) is { AuthenticationSchemes.Count: > 0 })
            {
                return true;
            }
        }

        return false;
    }

    private async Task<AuthorizationPolicy?> PolicyOfAsync(Endpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        if (metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return null;
        }

        var policy = await CombineAsync(metadata.GetOrderedMetadata<IAuthorizeData>(), metadata.GetOrderedMetadata<AuthorizationPolicy>());
        var more = metadata.GetOrderedMetadata<IAuthorizationRequirementData>().SelectMany(data => data.GetRequirements()).ToArray();
        return more.Length == 0 ? policy
            : policy is null ? new AuthorizationPolicyBuilder().AddRequirements(more).Build()
            : new AuthorizationPolicyBuilder(policy).AddRequirements(more).Build();
    }

    /// <summary>Combines what an endpoint or hub method asks for, as the framework does, but for policies the host does not know yet: the framework says so when they are asked for.</summary>
    private async Task<AuthorizationPolicy?> CombineAsync(IReadOnlyList<IAuthorizeData> data, IReadOnlyList<AuthorizationPolicy> more)
    {
        var known = new List<IAuthorizeData>();
        foreach (var item in data)
        {
            if (string.IsNullOrWhiteSpace(item.Policy) || await policies.GetPolicyAsync(item.Policy) is not null)
            {
                known.Add(item);
            }
        }

        return known.Count == 0 && more.Count == 0 && data.Count > 0 ? null : await AuthorizationPolicy.CombineAsync(policies, known, more);
    }

    private async Task<IEnumerable<string>> PolicyProblemsAsync(string name, AuthorizationPolicy? policy) =>
        policy is null ? [] : [.. UnknownScopes(name, policy), .. await SchemeProblemsAsync(name, policy)];

    private IEnumerable<string> UnknownScopes(string endpoint, AuthorizationPolicy policy) =>
        policy.Requirements.OfType<ScopeRequirement>().SelectMany(requirement => requirement.Scopes).Distinct().Where(scope => !catalogue.Contains(scope)).Select(scope =>
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

    /// <summary>SignalR checks the requirements of a method against the caller of the connection, and ignores the schemes that the method names.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "SignalR itself keeps the public methods of every mapped hub.")]
    private async Task<List<string>> HubProblemsAsync(Type hub)
    {
        var problems = new List<string>();
        foreach (var method in hub.GetMethods(BindingFlags.Public | BindingFlags.Instance))
        {
            var data = method.GetCustomAttributes(inherit: true).OfType<IAuthorizeData>().ToArray();
            if (data.Length > 0 && await CombineAsync(data, []) is { } policy)
            {
                problems.AddRange(UnknownScopes($"Method {method.Name} of the hub {hub.Name}", policy));
            }
        }

        return problems;
    }
}
