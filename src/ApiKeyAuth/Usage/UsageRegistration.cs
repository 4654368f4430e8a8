using ApiKeyAuth.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage;

/// <summary>Registers what counts, and what brings the counts to the store.</summary>
internal static class UsageRegistration
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<UsageCounter>();
        services.AddSingleton<IScopeUses>(provider => provider.GetRequiredService<UsageCounter>());
        services.AddSingleton<UsageRecorder>();
        services.AddSingleton<HeaderCountries>();
        services.AddSingleton(provider => new Countries(
            provider.GetRequiredService<HeaderCountries>(), provider.GetService<IGeoResolver>(), provider.GetRequiredService<ILogger<Countries>>()));
        services.AddSingleton<UsageFlush>();
        services.AddSingleton<UsageUpkeep>();
        services.AddHostedService<UsageFlushService>();
    }
}
