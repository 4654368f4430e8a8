using ApiKeyAuth.Configuration;
using Microsoft.Extensions.Configuration;

namespace ApiKeyAuth.Stores.Configured;

/// <summary>Reads the section of the configured keys, which is a list of keys, or has one member per key, named by its ID.</summary>
internal sealed class ConfiguredKeySectionReader(IConfigurationSection section, ConfigurationLayers layers, ICollection<string> problems)
{
    private const string ByIdHint = ", or write Keys by ID (\"Keys\": { \"my-key\": { … } })";

    /// <summary>Reads each key and reports problems of the section as a whole.</summary>
    /// <param name="read">The function that reads a key from its section. The second argument is its ID, or null in a list.</param>
    public void ReadEach(Action<SettingsReader, string?> read)
    {
        var items = section.GetChildren().ToList();
        var indexes = items.Count(item => SingleProviderRule.IsIndex(item.Key));
        if (indexes == items.Count)
        {
            ReadList(items, read);
        }
        else if (indexes == 0)
        {
            ReadById(items, read);
        }
        else
        {
            problems.Add($"{section.Path} mixes a list with keys by ID{DescribeProviders(items)}; write all keys in one form. "
                + "An ID that consists of digits is an index of a list: write that key in a list, with its Id.");
        }
    }

    private void ReadList(List<IConfigurationSection> items, Action<SettingsReader, string?> read)
    {
        var problem = SingleProviderRule.FindListProblem(layers, section.Path, ByIdHint);
        if (problem is not null)
        {
            problems.Add(problem);
        }

        // The items are then a mixture of several lists, and further problems would mislead.
        var itemLayers = problem is null ? layers.Within(section.Path) : ConfigurationLayers.Empty;
        for (var index = 0; index < items.Count; index++)
        {
            if (items[index].Key != $"{index}")
            {
                problems.Add($"{items[index].Path} does not follow an item {index}, and an ID of digits cannot be the name of a section; "
                    + "write the list from 0 without gaps, or give the key another ID.");
                return;
            }

            ReadOne(items[index], itemLayers, id: null, read);
        }
    }

    private void ReadById(List<IConfigurationSection> items, Action<SettingsReader, string?> read)
    {
        const string Fix = "remove the empty entry, or write \"Enabled\": false in the key";
        AddProblem(SingleProviderRule.FindEmptyProblem(layers, section.Path, Fix));
        foreach (var spellings in layers.GetSpellings(section.Path).Where(spellings => spellings.Count() > 1))
        {
            problems.Add($"{section.Path}:{string.Join(" and ", spellings.Order(StringComparer.Ordinal))} differ only in case, so they "
                + "are one section of the configuration but two IDs; write the ID in the same case everywhere.");
        }

        var keyLayers = layers.Within(section.Path);
        foreach (var item in items)
        {
            AddProblem(SingleProviderRule.FindEmptyProblem(keyLayers, item.Path, Fix));
            ReadOne(item, keyLayers, item.Key, read);
        }
    }

    private void ReadOne(IConfigurationSection item, ConfigurationLayers itemLayers, string? id, Action<SettingsReader, string?> read) =>
        new SettingsReader(item, problems, itemLayers.Within(item.Path)).ReadAll(reader => read(reader, id));

    private string DescribeProviders(List<IConfigurationSection> items)
    {
        string Of(bool isIndex) => ConfigurationProviderNames.Join([.. items.Where(item => SingleProviderRule.IsIndex(item.Key) == isIndex)
            .SelectMany(item => layers.GetLayers(item.Path)).Distinct().OrderBy(layer => layer.Position)]);
        var (list, named) = (Of(isIndex: true), Of(isIndex: false));
        return list.Length > 0 && list != named ? $" (in {list}; in {named})" : "";
    }

    private void AddProblem(string? problem)
    {
        if (problem is not null)
        {
            problems.Add(problem);
        }
    }
}
