using ApiKeyAuth.Authorization;
using ApiKeyAuth.Authorization.Schemes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Startup;

/// <summary>
/// Finds endpoints whose scopes are never checked: <c>AllowAnonymous</c> lifts them, or <c>ShortCircuit()</c> skips authorization.
/// </summary>
internal sealed class SkippedScopeCheck(EndpointPolicyProvider policies)
{
    /// <summary>Returns what is wrong with an endpoint.</summary>
    public async Task<IReadOnlyList<string>> FindProblemsAsync(string name, Endpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        var isSkipped = metadata.Any(IsShortCircuit);
        var isOpen = metadata.GetMetadata<IAllowAnonymous>() is not null;
        if (!isSkipped && !isOpen)
        {
            return [];
        }

        List<(int Index, string Scope)> scopes = [];
        for (var index = 0; index < metadata.Count; index++)
        {
            if ((await policies.GetItemPolicyAsync(metadata[index]))?.Requirements.OfType<ScopeRequirement>().FirstOrDefault() is { } requirement)
            {
                scopes.Add((index, requirement.Scopes[0]));
            }
        }

        List<string> problems = [];
        if (isSkipped && (scopes.Count > 0 || metadata.GetMetadata<RequiresPolicyMetadata>() is not null))
        {
            var what = scopes.Count > 0 ? $"requires the scope {scopes[0].Scope}" : "manages keys";
            problems.Add($"{name} {what}, but ShortCircuit() skips authorization, so that it would be open to every caller; remove ShortCircuit().");
        }

        // What needs a policy is reported as open anyway.
        if (isOpen && metadata.GetMetadata<RequiresPolicyMetadata>() is null
            && scopes.Where(scope => !MetadataPrecedence.IsAnonymousMoreSpecific(metadata, scope.Index)).Select(scope => scope.Scope).FirstOrDefault() is { } opened)
        {
            problems.Add(
                $"{name} requires the scope {opened}, but AllowAnonymous opens it to every caller; "
                + "remove AllowAnonymous from the endpoint, its class or its group, or require the scope elsewhere.");
        }

        return problems;
    }

    /// <summary>The framework's own type for it is not public.</summary>
    private static bool IsShortCircuit(object item) =>
        item.GetType() is { Name: "ShortCircuitMetadata", Namespace: { } space } && space.StartsWith("Microsoft.AspNetCore.Routing", StringComparison.Ordinal);
}
