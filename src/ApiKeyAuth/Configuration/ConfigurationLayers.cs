namespace ApiKeyAuth.Configuration;

/// <summary>Represents the configuration providers that supply a section, in the order in which later ones override earlier ones.</summary>
internal sealed class ConfigurationLayers(IReadOnlyList<ConfigurationLayer> layers)
{
    /// <summary>Gets the layers of a section whose providers are unknown or already checked.</summary>
    public static ConfigurationLayers Empty { get; } = new([]);

    /// <summary>Gets the layers that supply a section. A single layer is kept, because it cannot conflict with another one.</summary>
    public ConfigurationLayers Within(string path) => layers.Count < 2 ? this : new([.. GetLayers(path)]);

    /// <summary>Gets the layers that supply a section, or the value of a setting.</summary>
    public IReadOnlyList<ConfigurationLayer> GetLayers(string path) => [.. layers.Where(layer => layer.Supplies(path))];

    /// <summary>Gets the spellings of the members of a section, grouped without regard to case as the configuration does.</summary>
    public IEnumerable<IGrouping<string, string>> GetSpellings(string path) =>
        layers.SelectMany(layer => layer.GetMemberNames(path)).Distinct(StringComparer.Ordinal)
            .GroupBy(name => name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the values of every layer below a path, including those that a later layer overrides.</summary>
    public IEnumerable<KeyValuePair<string, string?>> GetValues(string path) =>
        layers.Index().SelectMany(layer => layer.Item.GetValues(path)
            .Select(value => KeyValuePair.Create($"{layer.Index}:{value.Key}", value.Value)));
}
