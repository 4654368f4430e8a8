namespace ApiKeyAuth.Keys.Scopes;

/// <summary>Validates scope definitions. Messages name the scope and the fix.</summary>
internal static class ScopeCatalogRules
{
    public static IEnumerable<string> FindErrors(IReadOnlyList<ScopeDefinition> definitions)
    {
        string[] all = [.. definitions.Select(definition => definition.Name).Where(name => name is not null)];
        var names = all.ToHashSet(StringComparer.Ordinal);
        return definitions.SelectMany(definition => FindDefinitionErrors(definition, names)).Concat(
            all.CountBy(name => name, StringComparer.Ordinal)
                .Where(count => count.Value > 1)
                .Select(count => $"The scope {count.Key} is defined {count.Value} times: keep one definition."));
    }

    /// <summary>Determines whether a wildcard matches any of the names.</summary>
    public static bool IsKnownWildcard(string grant, IEnumerable<string> names) =>
        grant == "*"
        || (grant.EndsWith(":*", StringComparison.Ordinal)
            && names.Any(name => name.StartsWith(grant[..^1], StringComparison.Ordinal)));

    private static IEnumerable<string> FindDefinitionErrors(ScopeDefinition definition, HashSet<string> names)
    {
        var name = definition.Name;
        if (ScopeRules.FindProblem(name) is { } problem)
        {
            yield return $"{ScopeRules.Quote(name)} is not a valid scope: {problem}.";
        }
        else if (name.EndsWith('*'))
        {
            yield return $"The scope {name} is a wildcard, which can be granted but not defined: define the scopes that it matches.";
        }

        foreach (var implied in definition.Implies)
        {
            if (ScopeRules.FindProblem(implied) is { } impliedProblem)
            {
                yield return $"The scope {ScopeRules.Quote(name)} implies {ScopeRules.Quote(implied)}, which is not a valid scope: "
                    + $"{impliedProblem}.";
            }
            else if (!names.Contains(implied) && !IsKnownWildcard(implied, names))
            {
                yield return $"The scope {ScopeRules.Quote(name)} implies {implied}, which the catalog does not define: define it, "
                    + "or remove it from Implies.";
            }
        }

        if (definition.RateLimits.Any(limit => limit == default) || RateLimit.HasDuplicateWindows(definition.RateLimits))
        {
            yield return $"The scope {ScopeRules.Quote(name)} has an empty rate limit, or two rate limits for the same window: "
                + "keep one of them.";
        }
    }
}
