using ApiKeyAuth;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.MaxMind;
using ApiKeyAuth.Usage.Countries;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the countries of a database in MaxMind's format.</summary>
public static class ApiKeyMaxMindExtensions
{
    /// <summary>Tells the countries of callers' networks by a file such as GeoLite2-Country.mmdb; a file that cannot be read stops the app before it listens.</summary>
    /// <remarks>A file that is changed is read anew within a minute; one that then cannot be read leaves the old one in use, which the log tells.</remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The file, absolute or beside the app's content.</param>
    /// <exception cref="InvalidOperationException">There is another resolver.</exception>
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
