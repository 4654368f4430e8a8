using Microsoft.Extensions.Configuration;

namespace ApiKeyAuth.Configuration;

/// <summary>Provides the configuration providers that supply a section.</summary>
internal sealed class SectionProviders
{
    private const int MaxAttempts = 3;
    private readonly IConfigurationRoot? _root;

    /// <summary>Finds the configuration root of a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="configurations">The configurations of the app. The section belongs to one of them, or to one chained into it.</param>
    public SectionProviders(IConfigurationSection section, IEnumerable<IConfiguration> configurations)
    {
        Path = section.Path;
        _root = configurations.SelectMany(GetRoots).FirstOrDefault(root => IsRootOf(root, section));
    }

    /// <summary>Gets the full name of the section.</summary>
    public string Path { get; }

    /// <summary>Gets a value indicating whether every provider of the section is known.</summary>
    /// <remarks>
    /// The providers of a section of another root are unknown, and so are those of a section that is chained from a section of another
    /// root.
    /// </remarks>
    public bool AreKnown => _root is not null && !ReadLayers().GetLayers(Path).Any(layer => layer.Provider is ChainedConfigurationProvider);

    /// <summary>Returns the current providers in the order in which later ones override earlier ones.</summary>
    public ConfigurationLayers ReadLayers() => new([.. GetAll().Select((provider, index) => new ConfigurationLayer(provider, index + 1))]);

    /// <summary>Returns the providers, including those of chained configurations. Empty if the root of the section is unknown.</summary>
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
        // A section returns the reload token of its root. A reload may replace the token between the two calls, hence the retries.
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
