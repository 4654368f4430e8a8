using ApiKeyAuth;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.MaxMind;
using ApiKeyAuth.Usage.Countries;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides extension methods that resolve countries with a database in MaxMind's format.</summary>
public static class ApiKeyMaxMindExtensions
{
    /// <summary>Resolves the countries of callers' networks with a database file such as GeoLite2-Country.mmdb.</summary>
    /// <remarks>
    /// If the file cannot be read at startup, the app does not start. A changed file is reloaded within a minute; if that fails, the
    /// previous data stays in use and a warning is logged.
    /// </remarks>
    /// <param name="builder">The API key builder.</param>
    /// <param name="path">The path of the file, absolute or relative to the app's content root.</param>
    /// <returns>The builder, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="InvalidOperationException">Another <see cref="IGeoResolver"/> is registered.</exception>
    public static ApiKeyAuthBuilder AddMaxMind(this ApiKeyAuthBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (builder.Services.Any(descriptor => descriptor.ServiceType == typeof(IGeoResolver)))
        {
            throw new InvalidOperationException("AddMaxMind(): another IGeoResolver is registered; keep one of them.");
        }

        builder.Services.AddSingleton(provider => new MaxMindResolver(
            Path.Combine(provider.GetRequiredService<IHostEnvironment>().ContentRootPath, path),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MaxMindResolver>>()));
        builder.Services.AddSingleton<IGeoResolver>(provider => provider.GetRequiredService<MaxMindResolver>());
        if (!ApiKeyBuildTime.IsActive)
        {
            builder.Services.AddSingleton<IHostedService, MaxMindStartupCheck>();
        }

        return builder;
    }
}
