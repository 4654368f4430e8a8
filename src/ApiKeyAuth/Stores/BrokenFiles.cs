using Microsoft.Extensions.Configuration;

namespace ApiKeyAuth.Stores;

/// <summary>Knows which configuration files were changed into something that cannot be read.</summary>
/// <remarks>The framework empties the settings of such a file and tells nobody of it until another file changes.</remarks>
internal sealed class BrokenFiles
{
    private readonly Lock _gate = new();
    private readonly HashSet<FileConfigurationProvider> _broken = [];

    public BrokenFiles(IConfigurationRoot? root, Action<string> report)
    {
        foreach (var provider in root?.Providers.OfType<FileConfigurationProvider>() ?? [])
        {
            var source = provider.Source;
            var before = source.OnLoadException;
            source.OnLoadException = context =>
            {
                lock (_gate)
                {
                    _broken.Add(provider);
                }

                report(Path.GetFileName(source.Path) ?? "(without a name)");
                before?.Invoke(context);
            };
        }
    }

    /// <summary>Tells whether one of them still cannot be read.</summary>
    public bool AnyIsStill()
    {
        lock (_gate)
        {
            _broken.RemoveWhere(provider => provider.GetChildKeys([], parentPath: null).Any());
            return _broken.Count > 0;
        }
    }
}
