using ApiKeyAuth.Usage.Counting;
using ApiKeyAuth.Usage.Countries;
using ApiKeyAuth.Usage.Flushing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage;

/// <summary>Registers the services that count usage and write it to the store.</summary>
internal static class UsageRegistration
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<UsageCounter>();
        services.AddSingleton<UsageRecorder>();
        services.AddSingleton<HeaderGeoResolver>();
        services.AddSingleton(provider => new CountryResolver(
            provider.GetService<IGeoResolver>(), provider.GetRequiredService<ILogger<CountryResolver>>()));
        services.AddSingleton<UsageFlusher>();
        services.AddSingleton<UsageRetention>();
        services.AddHostedService<UsageFlushService>();
    }
}
