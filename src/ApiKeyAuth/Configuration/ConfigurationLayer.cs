using Microsoft.Extensions.Configuration;

namespace ApiKeyAuth.Configuration;

/// <summary>Represents the settings of one configuration provider, separate from those of other providers.</summary>
/// <param name="provider">The provider.</param>
/// <param name="position">The position among all providers, from 1.</param>
internal sealed class ConfigurationLayer(IConfigurationProvider provider, int position)
{
    /// <summary>Gets the provider.</summary>
    public IConfigurationProvider Provider => provider;

    /// <summary>Gets the position among all providers, from 1.</summary>
    public int Position => position;

    /// <summary>Determines whether the provider supplies a section: a value, which may be null, or members.</summary>
    public bool Supplies(string path) => provider.TryGet(path, out _) || HasMembers(path);

    /// <summary>Determines whether the provider supplies members of a section.</summary>
    public bool HasMembers(string path) => provider.GetChildKeys([], path).Any();

    /// <summary>Determines whether the provider supplies an empty section, such as <c>[]</c>, <c>{}</c> or <c>null</c> in a file.</summary>
    public bool IsEmptyAt(string path) => provider.TryGet(path, out var value) && string.IsNullOrEmpty(value) && !HasMembers(path);

    /// <summary>Gets the names of the members of a section, each as the provider spells it.</summary>
    public IEnumerable<string> GetMemberNames(string path) => provider.GetChildKeys([], path).Distinct(StringComparer.Ordinal);

    /// <summary>Gets all values below the paths, by their full names.</summary>
    public Dictionary<string, string?> GetValues(params IEnumerable<string> paths)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in paths)
        {
            AddValues(path, values);
        }

        return values;
    }

    private void AddValues(string path, Dictionary<string, string?> values)
    {
        if (provider.TryGet(path, out var value))
        {
            values[path] = value;
        }

        foreach (var name in provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            AddValues(ConfigurationPath.Combine(path, name), values);
        }
    }
}
