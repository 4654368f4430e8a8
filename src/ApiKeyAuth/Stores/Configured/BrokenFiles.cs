using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Stores.Configured;

/// <summary>Knows which configuration files were changed into something that cannot be read.</summary>
/// <remarks>
/// The framework empties the settings of such a file and tells nobody of it until another file changes. A file is mended when its provider
/// next says that it was loaded, whatever it then holds.
/// </remarks>
internal sealed class BrokenFiles
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FileConfigurationProvider, IChangeToken> _broken = [];

    public BrokenFiles(IEnumerable<IConfigurationProvider> providers, Action<string> report)
    {
        foreach (var provider in providers.OfType<FileConfigurationProvider>())
        {
            var source = provider.Source;
            var before = source.OnLoadException;
            source.OnLoadException = context =>
            {
                MarkBroken(provider);
                report(Path.GetFileName(source.Path) ?? "(without a name)");
                before?.Invoke(context);
                if (context.Ignore)
                {
                    // The provider then says that it was loaded all the same; what is registered last hears of that first.
                    provider.GetReloadToken().RegisterChangeCallback(_ => MarkBroken(provider), state: null);
                }
            };
        }
    }

    private void MarkBroken(FileConfigurationProvider provider)
    {
        lock (_gate)
        {
            _broken[provider] = provider.GetReloadToken();
        }
    }

    /// <summary>Tells whether one of them still cannot be read.</summary>
    public bool HasBrokenFiles()
    {
        lock (_gate)
        {
            foreach (var (provider, _) in _broken.Where(file => file.Value.HasChanged).ToList())
            {
                _broken.Remove(provider);
            }

            return _broken.Count > 0;
        }
    }
}
