using ApiKeyAuth;
using ApiKeyAuth.Startup;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides extension methods that add API keys to the services of an app.</summary>
public static class ApiKeyAuthServiceCollectionExtensions
{
    private const string DefaultSectionName = "ApiKeyAuth";

    /// <summary>Adds API keys with the defaults.</summary>
    /// <remarks>All overloads may be called several times, also by libraries. Their configuration accumulates.</remarks>
    /// <param name="services">The services of the app.</param>
    /// <returns>A builder that adds stores, schemes and more.</returns>
    public static ApiKeyAuthBuilder AddApiKeyAuth(this IServiceCollection services) => Add(services, section: null, configure: null);

    /// <summary>Adds API keys, and configures them in code.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="configure">Configures the options.</param>
    /// <returns>A builder that adds stores, schemes and more.</returns>
    public static ApiKeyAuthBuilder AddApiKeyAuth(this IServiceCollection services, Action<ApiKeyAuthOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, section: null, configure);
    }

    /// <summary>Adds API keys, with settings and keys from the configuration.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="configuration">
    /// The section that contains the settings, or the configuration of the app, from which the section <c>ApiKeyAuth</c> is read.
    /// </param>
    /// <param name="configure">Configures the options after the settings. The default is null, for the settings alone.</param>
    /// <returns>A builder that adds stores, schemes and more.</returns>
    /// <exception cref="InvalidOperationException">An earlier call was given another section.</exception>
    public static ApiKeyAuthBuilder AddApiKeyAuth(
        this IServiceCollection services, IConfiguration configuration, Action<ApiKeyAuthOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, configuration as IConfigurationSection ?? configuration.GetSection(DefaultSectionName), configure);
    }

    private static ApiKeyAuthBuilder Add(IServiceCollection services, IConfigurationSection? section, Action<ApiKeyAuthOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (section is not null)
        {
            SectionRegistration.TryAdd(services, section);
        }

        CoreRegistration.TryAdd(services);
        if (configure is not null)
        {
            services.Configure(configure);
        }

        return new ApiKeyAuthBuilder(services);
    }
}
