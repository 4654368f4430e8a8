using ApiKeyAuth.Authorization;
using Microsoft.OpenApi;

namespace ApiKeyAuth.OpenApi;

/// <summary>Creates the alternatives by which a caller can meet the requirements of an operation.</summary>
internal static class SecurityAlternatives
{
    /// <summary>Creates one alternative for each place that a key can be sent in, and for each set of scopes that is sufficient.</summary>
    /// <param name="access">The requirements.</param>
    /// <param name="schemes">The security schemes of the document.</param>
    /// <param name="hasScopes">Whether the version of OpenAPI allows scopes of schemes other than OAuth, as 3.1 does.</param>
    public static IEnumerable<OpenApiSecurityRequirement> Create(ApiKeyEndpointAccess access, SecuritySchemes schemes, bool hasScopes)
    {
        var scopeSets = hasScopes ? GetSufficientScopes(access.ScopeRequirements) : [[]];
        return
        [
            .. from name in access.ApiKeySchemes
               from reference in schemes.GetOrAdd(name)
               from scopes in scopeSets
               select new OpenApiSecurityRequirement { [reference] = [.. scopes] },
            .. access.OtherSchemes.Select(schemes.Find).OfType<OpenApiSecuritySchemeReference>()
                .Select(reference => new OpenApiSecurityRequirement { [reference] = [] }),
        ];
    }

    private static List<string[]> GetSufficientScopes(IReadOnlyList<ScopeRequirement> requirements)
    {
        List<string[]> sets = [[]];
        foreach (var requirement in requirements)
        {
            string[][] choices = requirement.Any ? [.. requirement.Scopes.Select(scope => new[] { scope })] : [[.. requirement.Scopes]];
            sets =
            [
                .. from set in sets
                   from choice in choices
                   select set.Union(choice, StringComparer.Ordinal).ToArray(),
            ];
        }

        return sets;
    }
}
