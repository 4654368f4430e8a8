namespace ApiKeyAuth.Keys.Scopes;

/// <summary>What definitions must keep; every message names the scope and the mend.</summary>
internal static class ScopeCatalogRules
{
    public static IEnumerable<string> FindErrors(IReadOnlyList<ScopeDefinition> definitions)
    {
        string[] all = [.. definitions.Select(definition => definition.Name).Where(name => name is not null)];
        var names = all.ToHashSet(StringComparer.Ordinal);
        return definitions.SelectMany(definition => FindDefinitionErrors(definition, names)).Concat(
            all.CountBy(name => name, StringComparer.Ordinal).Where(same => same.Value > 1)
                .Select(same => $"The scope {same.Key} is defined {same.Value} times: keep one definition."));
    }

    /// <summary>Tells whether a wildcard holds any of the names.</summary>
    public static bool IsKnownWildcard(string grant, IEnumerable<string> names) =>
        grant == "*" || (grant.EndsWith(":*", StringComparison.Ordinal) && names.Any(name => name.StartsWith(grant[..^1], StringComparison.Ordinal)));

    private static IEnumerable<string> FindDefinitionErrors(ScopeDefinition definition, HashSet<string> names)
    {
        var name = definition.Name;
        if (ScopeRules.FindProblem(name) is { } fault)
        {
            yield return $"{ScopeRules.Quote(name)} is no scope: {fault}.";
        }
        else if (name.EndsWith('*'))
        {
            yield return $"The scope {name} is a wildcard, which keys hold and nobody defines: define the scopes it stands for.";
        }

        foreach (var implied in definition.Implies)
        {
            if (ScopeRules.FindProblem(implied) is { } impliedFault)
            {
                yield return $"The scope {ScopeRules.Quote(name)} implies {ScopeRules.Quote(implied)}, which is no scope: {impliedFault}.";
            }
            else if (!names.Contains(implied) && !IsKnownWildcard(implied, names))
            {
                yield return $"The scope {ScopeRules.Quote(name)} implies {implied}, which the catalogue lacks: define it, or take it from Implies.";
            }
        }

        if (definition.RateLimits.Any(limit => limit == default) || RateLimit.HasDuplicateWindows(definition.RateLimits))
        {
            yield return $"The scope {ScopeRules.Quote(name)} has an empty rate limit or two for the same window: keep the one that is meant.";
        }
    }
}
