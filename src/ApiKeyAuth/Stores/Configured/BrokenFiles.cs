using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Stores.Configured;

/// <summary>Tracks configuration files that cannot be read after a change.</summary>
/// <remarks>
/// The framework drops the settings of such a file without raising a change token until another file changes. A file counts as fixed when
/// its provider reports the next load.
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
                    // The provider reports a load although it failed. The callback registered last runs first, so the file stays marked.
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

    /// <summary>Determines whether a file still cannot be read.</summary>
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
