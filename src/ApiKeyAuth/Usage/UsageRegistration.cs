using System.Net;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.Delivery;
using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Alerts.Webhooks;
using ApiKeyAuth.Keys.Scopes;
using ApiKeyAuth.Usage.Counting;
using ApiKeyAuth.Usage.Countries;
using ApiKeyAuth.Usage.Flushing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage;

/// <summary>Registers the services that count usage and write it to the store.</summary>
internal static class UsageRegistration
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<UsageCounter>();
        services.AddSingleton<IScopeUsageRecorder>(provider => provider.GetRequiredService<UsageCounter>());
        services.AddSingleton<UsageRecorder>();
        services.AddSingleton<HeaderGeoResolver>();
        services.AddSingleton(provider => new CountryResolver(
            provider.GetService<IGeoResolver>(), provider.GetRequiredService<ILogger<CountryResolver>>()));
        services.AddSingleton<UsageFlusher>();
        services.AddSingleton<UsageRetention>();
        services.AddHostedService<UsageFlushService>();
        AddAlerts(services);
    }

    private static void AddAlerts(IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<ApiKeyUsageOptions>().Alerts);
        services.TryAddSingleton<IApiKeyAlertStore, InMemoryAlertStore>();
        services.AddSingleton<IApiKeyAlertHandler, LogAlertHandler>();
        services.AddSingleton<KeyActivity>();
        services.AddSingleton<TestKeyDetector>();
        services.AddSingleton<OriginAlertRules>();
        services.AddSingleton<ExpirationAlertRules>();
        services.AddSingleton<AlertRecorder>();
        services.AddSingleton<AlertEvaluator>();
        services.AddSingleton(provider => new WebhookSender(provider.GetRequiredService<TimeProvider>(), Dns.GetHostAddressesAsync));
        services.AddSingleton<AlertTargets>();
        services.AddSingleton<AlertDispatcher>();
        services.AddHostedService<AlertDeliveryService>();
    }
}
