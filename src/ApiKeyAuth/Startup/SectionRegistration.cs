using ApiKeyAuth.Caching;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Stores.Configured;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup;

/// <summary>Registers the configuration section that settings and keys are read from.</summary>
internal sealed class SectionRegistration
{
    private const int MaxAttempts = 3;
    private readonly IConfigurationSection _section;

    private SectionRegistration(IConfigurationSection section) => _section = section;

    /// <summary>Registers a section, unless it is registered already.</summary>
    /// <exception cref="InvalidOperationException">Another section is registered.</exception>
    public static void TryAdd(IServiceCollection services, IConfigurationSection section)
    {
        var earlier = services
            .Select(descriptor => descriptor.ServiceType == typeof(SectionRegistration) ? descriptor.ImplementationInstance : null)
            .OfType<SectionRegistration>().FirstOrDefault()?._section;
        if (earlier is null)
        {
            Add(services, section);
        }
        else if (!earlier.Path.Equals(section.Path, StringComparison.OrdinalIgnoreCase) || !HaveSameRoot(earlier, section))
        {
            var suffix = earlier.Path.Equals(section.Path, StringComparison.OrdinalIgnoreCase) ? " of another configuration" : "";
            throw new InvalidOperationException(
                $"AddApiKeyAuth() was called with the section {earlier.Path} before, "
                + $"and is called with the section {section.Path}{suffix} now; pass the same section to all calls.");
        }
    }

    private static void Add(IServiceCollection services, IConfigurationSection section)
    {
        // The store goes first, whatever was added before: configured keys are looked up before other stores.
        services.Insert(0, ServiceDescriptor.Singleton(new SectionRegistration(section)));
        services.Insert(1, ServiceDescriptor.Singleton(provider =>
            new SettingsSource(section, new SectionProviders(section, provider.GetServices<IConfiguration>()))));
        services.Insert(2, ServiceDescriptor.Singleton(CreateStore));
        services.Insert(3, ServiceDescriptor.Singleton<IApiKeyStore>(provider => provider.GetRequiredService<ConfigurationApiKeyStore>()));
    }

    private static ConfigurationApiKeyStore CreateStore(IServiceProvider provider)
    {
        // The keys are checked even if the options are invalid, so that all problems are reported at once.
        var options = ApiKeyAuthOptionsSetup.GetEvenIfInvalid(provider);
        var formats = TryCreate(() => new ApiKeyFormats(options.Format, options.AcceptedFormats));
        var hasher = TryCreate(() => new ApiKeyHasher(
            options.Peppers, options.AcceptUnpepperedHashes, options.HashAlgorithms));
        var catalog = TryCreate(() => new ScopeCatalog(options.Scopes)) ?? ScopeCatalog.Empty;
        var isDevelopment = provider.GetRequiredService<IHostEnvironment>().IsDevelopment();
        var source = provider.GetRequiredService<SettingsSource>();
        var store = new ConfigurationApiKeyStore(
            source.Section.GetSection(ApiKeyAuthOptionsSetup.KeysSectionName),
            () => new ConfiguredKeyReader(formats, hasher, catalog, isDevelopment),
            provider.GetRequiredService<ILogger<ConfigurationApiKeyStore>>(),
            source.Providers);
        try
        {
            store.Changed += provider.GetRequiredService<IApiKeyCache>().InvalidateAll;
            return store;
        }
        catch (OptionsValidationException)
        {
            store.Dispose();
            throw;
        }
    }

    private static T? TryCreate<T>(Func<T> create)
        where T : class
    {
        try
        {
            return create();
        }
        catch (ArgumentException)
        {
            // The problem is reported by the validation of the options.
            return null;
        }
    }

    private static bool HaveSameRoot(IConfigurationSection first, IConfigurationSection second)
    {
        // A section returns the reload token of its root. The root replaces it when it reloads, perhaps between the two calls.
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (ReferenceEquals(first.GetReloadToken(), second.GetReloadToken()))
            {
                return true;
            }
        }

        return false;
    }
}
