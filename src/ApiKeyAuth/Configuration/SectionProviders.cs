using Microsoft.Extensions.Configuration;

namespace ApiKeyAuth.Configuration;

/// <summary>Finds the configuration providers that a section is merged from.</summary>
internal sealed class SectionProviders
{
    private const int MaxAttempts = 3;
    private readonly IConfigurationRoot? _root;

    /// <summary>Finds the configuration root of a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="configurations">The configurations of the app; the section is of one of them or of one chained into it.</param>
    public SectionProviders(IConfigurationSection section, IEnumerable<IConfiguration> configurations)
    {
        Path = section.Path;
        _root = configurations.SelectMany(GetRoots).FirstOrDefault(root => IsRootOf(root, section));
    }

    /// <summary>Gets the full name of the section.</summary>
    public string Path { get; }

    /// <summary>Gets a value indicating whether every provider of the section is known.</summary>
    /// <remarks>A section of another root, or one that is chained from a section of another root, hides the providers behind it.</remarks>
    public bool AreKnown => _root is not null && !ReadLayers().GetLayers(Path).Any(layer => layer.Provider is ChainedConfigurationProvider);

    /// <summary>Reads the providers as they are now, in the order in which later ones override earlier ones.</summary>
    public ConfigurationLayers ReadLayers() => new([.. GetAll().Select((provider, index) => new ConfigurationLayer(provider, index + 1))]);

    /// <summary>Gets the providers, those of chained configurations included; empty if the root of the section is unknown.</summary>
    public IReadOnlyList<IConfigurationProvider> GetAll() => _root is null ? [] : [.. GetProviders(_root)];

    private static IEnumerable<IConfigurationProvider> GetProviders(IConfigurationRoot root) =>
        root.Providers.SelectMany(provider =>
            provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot chained } ? GetProviders(chained) : [provider]);

    private static IEnumerable<IConfigurationRoot> GetRoots(IConfiguration configuration) =>
        configuration is not IConfigurationRoot root
            ? []
            : root.Providers.OfType<ChainedConfigurationProvider>().SelectMany(provider => GetRoots(provider.Configuration)).Prepend(root);

    private static bool IsRootOf(IConfigurationRoot root, IConfigurationSection section)
    {
        // A section returns the reload token of its root. The root replaces it when it reloads, perhaps between the two calls.
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (ReferenceEquals(section.GetReloadToken(), root.GetReloadToken()))
            {
                return true;
            }
        }

        return false;
    }
}
