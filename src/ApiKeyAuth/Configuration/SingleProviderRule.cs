using Microsoft.Extensions.Configuration;

namespace ApiKeyAuth.Configuration;

/// <summary>Finds lists that several configuration providers supply.</summary>
/// <remarks>
/// The configuration merges lists by index, which mixes the rights of one entry with those of another. A provider that repeats the whole
/// list is accepted, because a host adds the command line twice. Messages never contain a value.
/// </remarks>
internal static class SingleProviderRule
{
    /// <summary>Returns the problem with a list, or null.</summary>
    /// <param name="layers">The layers that may supply the list.</param>
    /// <param name="path">The full name of the list.</param>
    /// <param name="alternative">Another way to fix the problem, for the end of the message.</param>
    public static string? FindListProblem(ConfigurationLayers layers, string path, string alternative = "")
    {
        var suppliers = layers.GetLayers(path).SkipWhile(layer => layer.IsEmptyAt(path)).ToList();
        if (suppliers.Count < 2 || !suppliers.Any(layer => layer.HasMembers(path)))
        {
            return null;
        }

        if (FindEmptyProblem(layers, path, $"write the list in one of them{alternative}") is { } empty)
        {
            return empty;
        }

        return FindDifferent(suppliers, path) is { } providers
            ? $"{path} has members in {providers}, which the configuration merges by index; "
                + $"write the whole list in one of them{alternative}."
            : null;
    }

    /// <summary>Returns the problem with a section that a later provider leaves empty, which removes nothing, or null.</summary>
    /// <param name="layers">The layers that may supply the section.</param>
    /// <param name="path">The full name of the section.</param>
    /// <param name="fix">The fix, for the end of the message.</param>
    public static string? FindEmptyProblem(ConfigurationLayers layers, string path, string fix)
    {
        var suppliers = layers.GetLayers(path);
        var filled = suppliers.FirstOrDefault(layer => layer.HasMembers(path));
        if (filled is null || suppliers.SkipWhile(layer => layer != filled).FirstOrDefault(layer => layer.IsEmptyAt(path)) is not { } empty)
        {
            return null;
        }

        var (later, earlier) = (ConfigurationProviderNames.Join([empty]), ConfigurationProviderNames.Join([filled]));
        return $"{path} is empty in {later}, which does not remove its members in {earlier}; {fix}.";
    }

    /// <summary>Returns the problem with settings that add up and come from several providers, or null.</summary>
    /// <param name="layers">The layers that may supply the settings.</param>
    /// <param name="path">The full name of their section.</param>
    /// <param name="names">The names of the settings.</param>
    public static string? FindCombinedProblem(ConfigurationLayers layers, string path, params IReadOnlyList<string> names)
    {
        string[] paths =
        [
            .. names.Select(name => ConfigurationPath.Combine(path, name)).Where(setting => layers.GetLayers(setting).Count > 0),
        ];
        return paths.Length > 1 && FindDifferent([.. paths.SelectMany(layers.GetLayers).Distinct()], paths) is { } providers
            ? $"{path} has secrets in {providers}, which would all be accepted; write {string.Join(", ", names)} of one key in one of them."
            : null;
    }

    /// <summary>Determines whether a name is the index of a list item.</summary>
    public static bool IsIndex(string name) => name.Length > 0 && name.All(char.IsAsciiDigit);

    private static string? FindDifferent(IReadOnlyList<ConfigurationLayer> suppliers, params IReadOnlyList<string> paths)
    {
        var different = new List<(ConfigurationLayer Layer, Dictionary<string, string?> Values)>();
        foreach (var layer in suppliers)
        {
            var values = layer.GetValues(paths);
            if (!different.Any(other => AreEqual(other.Values, values)))
            {
                different.Add((layer, values));
            }
        }

        return different.Count > 1 ? ConfigurationProviderNames.Join([.. different.Select(other => other.Layer)]) : null;
    }

    private static bool AreEqual(Dictionary<string, string?> first, Dictionary<string, string?> second) =>
        first.Count == second.Count && first.All(value => second.TryGetValue(value.Key, out var other) && value.Value == other);
}
