using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace ApiKeyAuth.Configuration;

/// <summary>
/// Names configuration providers in messages. Their <c>ToString</c> is not used, because it may contain a connection string.
/// </summary>
internal static class ConfigurationProviderNames
{
    /// <summary>Joins the names of layers. Layers that share a name also show the full path and the position.</summary>
    public static string Join(IReadOnlyList<ConfigurationLayer> layers)
    {
        var shared = layers.CountBy(layer => GetName(layer.Provider))
            .Where(count => count.Value > 1)
            .Select(count => count.Key)
            .ToHashSet();
        string[] names = [.. layers.Select(layer => GetName(layer.Provider) is var name && shared.Contains(name)
            ? $"{GetFullName(layer.Provider)} (provider {layer.Position})"
            : name)];
        return names.Length < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }

    private static string GetName(IConfigurationProvider provider) => provider switch
    {
        FileConfigurationProvider { Source.Path: { Length: > 0 } path } => path,
        EnvironmentVariablesConfigurationProvider => "environment variables",
        CommandLineConfigurationProvider => "the command line",
        MemoryConfigurationProvider => "an in-memory collection",
        _ => provider.GetType().Name,
    };

    private static string GetFullName(IConfigurationProvider provider) =>
        provider is FileConfigurationProvider { Source: { Path: { Length: > 0 } path, FileProvider: { } files } }
            ? files.GetFileInfo(path).PhysicalPath ?? path
            : GetName(provider);
}
