using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Stores.Configured;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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
        // They go first, whatever was added before: code overrides settings, and configured keys are looked up before other stores.
        services.Insert(0, ServiceDescriptor.Singleton(new SectionRegistration(section)));
        services.Insert(1, ServiceDescriptor.Singleton(provider =>
            new SettingsSource(section, new SectionProviders(section, provider.GetServices<IConfiguration>()))));
        services.Insert(2, ServiceDescriptor.Singleton(provider => new ApiKeyAuthOptionsSetup(
            section, provider.GetRequiredService<SettingsSource>().Providers,
            provider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(AlertEvaluator)))));
        services.Insert(3, ServiceDescriptor.Singleton<IConfigureOptions<ApiKeyAuthOptions>>(
            provider => provider.GetRequiredService<ApiKeyAuthOptionsSetup>()));
        services.Insert(4, ServiceDescriptor.Singleton<IConfigureOptions<ApiKeySchemeOptions>>(
            provider => provider.GetRequiredService<ApiKeyAuthOptionsSetup>()));
        services.Insert(5, ServiceDescriptor.Singleton(CreateStore));
        services.Insert(6, ServiceDescriptor.Singleton<IApiKeyStore>(provider => provider.GetRequiredService<ConfigurationApiKeyStore>()));
    }

    private static ConfigurationApiKeyStore CreateStore(IServiceProvider provider)
    {
        var settings = provider.GetRequiredService<ApiKeyAuthOptionsSetup>();
        var isDevelopment = provider.GetRequiredService<IHostEnvironment>().IsDevelopment();
        var store = ActivatorUtilities.CreateInstance<ConfigurationApiKeyStore>(
            provider, settings.KeysSection, settings.Providers, () => new ConfiguredKeyReader(
                provider.GetRequiredService<ApiKeyFormats>(),
                provider.GetRequiredService<ApiKeyHasher>(),
                provider.GetRequiredService<ScopeCatalog>(),
                isDevelopment));
        store.Changed += provider.GetRequiredService<IApiKeyCache>().InvalidateAll;
        return store;
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
