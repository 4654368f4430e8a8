using ApiKeyAuth.Authorization;
using ApiKeyAuth.Authorization.Schemes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Startup;

/// <summary>Finds endpoints whose scopes are never checked, because of <c>AllowAnonymous</c> or <c>ShortCircuit()</c>.</summary>
internal sealed class SkippedScopeCheck(EndpointPolicyProvider policies)
{
    /// <summary>Returns the problems of an endpoint.</summary>
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
            var policy = await policies.GetItemPolicyAsync(metadata[index]);
            if (policy?.Requirements.OfType<ScopeRequirement>().FirstOrDefault(scope => !scope.IsAnyKey) is { } requirement)
            {
                scopes.Add((index, requirement.Scopes[0]));
            }
        }

        List<string> problems = [];
        if (isSkipped && (scopes.Count > 0 || metadata.GetMetadata<RequiresPolicyMetadata>() is not null))
        {
            var what = scopes.Count > 0 ? $"requires the scope {scopes[0].Scope}" : "manages keys";
            problems.Add(
                $"{name} {what}, but ShortCircuit() skips authorization and opens it to every caller; remove ShortCircuit().");
        }

        // MissingPolicyCheck reports endpoints that manage keys.
        if (isOpen
            && metadata.GetMetadata<RequiresPolicyMetadata>() is null
            && scopes.Where(scope => !MetadataPrecedence.IsAnonymousMoreSpecific(metadata, scope.Index))
                .Select(scope => scope.Scope)
                .FirstOrDefault() is { } opened)
        {
            problems.Add(
                $"{name} requires the scope {opened}, but AllowAnonymous opens it to every caller; "
                + "remove AllowAnonymous from the endpoint, its class or its group, or require the scope elsewhere.");
        }

        return problems;
    }

    /// <summary>Recognizes the framework's metadata by its name, because the type is not public.</summary>
    private static bool IsShortCircuit(object item) =>
        item.GetType() is { Name: "ShortCircuitMetadata", Namespace: { } space }
        && space.StartsWith("Microsoft.AspNetCore.Routing", StringComparison.Ordinal);
}
