using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
            provider.GetService<IGeoResolver>(), provider.GetRequiredService<ILogger<Countries>>()));
        services.AddSingleton<UsageFlush>();
        services.AddSingleton<UsageUpkeep>();
        services.AddHostedService<UsageFlushService>();
        AddAlerts(services);
    }

    private static void AddAlerts(IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<ApiKeyUsageOptions>().Alerts);
        services.TryAddSingleton<IApiKeyAlertStore, InMemoryAlertStore>();
        services.AddSingleton<IApiKeyAlertHandler, LogAlertHandler>();
        services.AddSingleton<SeenKeys>();
        services.AddSingleton<LiveHosts>();
        services.AddSingleton<PlaceRules>();
        services.AddSingleton<EndRules>();
        services.AddSingleton<AlertBook>();
        services.AddSingleton<AlertWatch>();
        services.AddSingleton(provider => new WebhookSender(provider.GetRequiredService<TimeProvider>(), Dns.GetHostAddressesAsync));
        services.AddSingleton<AlertTargets>();
        services.AddSingleton<AlertDelivery>();
        services.AddHostedService<AlertDeliveryService>();
    }
}
