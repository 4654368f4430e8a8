using System.Net;
using ApiKeyAuth;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.Delivery;
using ApiKeyAuth.Alerts.Endpoints;
using ApiKeyAuth.Alerts.History;
using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Alerts.Settings;
using ApiKeyAuth.Alerts.Webhooks;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Usage.Flushing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds alerts about keys to an app.</summary>
public static class ApiKeyAlertsBuilderExtensions
{
    /// <summary>
    /// Adds alerts: what the usage of keys shows is sent to the log, to webhooks and to every <see cref="IApiKeyAlertHandler"/>.
    /// </summary>
    /// <remarks>
    /// The settings are read from the section <c>Alerts</c> of the app's settings. Alerts need a store that counts usage.
    /// <c>MapApiKeys().MapAlerts()</c> maps the endpoints at which their settings are read and changed.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Configures the options in code, after the settings are read. The default is none.</param>
    /// <returns>The builder.</returns>
    public static ApiKeyAuthBuilder AddAlerts(this ApiKeyAuthBuilder builder, Action<ApiKeyAlertOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (configure is not null)
        {
            services.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(AlertEvaluator)))
        {
            return builder;
        }

        AddOptions(services);
        services.TryAddSingleton<IApiKeyAlertStore, InMemoryAlertStore>();
        services.AddSingleton<IApiKeyAlertHandler, LogAlertHandler>();
        services.AddSingleton<KeyActivity>();
        services.AddSingleton<TestKeyDetector>();
        services.AddSingleton<OriginAlertRules>();
        services.AddSingleton<ExpirationAlertRules>();
        services.AddSingleton<AlertRecorder>();
        services.AddSingleton<LeakAlertRule>();
        services.AddSingleton<AlertEvaluator>();
        services.AddSingleton(provider => new WebhookSender(provider.GetRequiredService<TimeProvider>(), Dns.GetHostAddressesAsync));
        services.AddSingleton<AlertTargets>();
        services.AddSingleton<AlertDispatcher>();
        services.AddScoped(CreateSettingsService);
        services.AddScoped(CreateWebhookService);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Add(AlertSettingsJsonContext.Default));
        if (!ApiKeyBuildTime.IsActive)
        {
            services.AddHostedService<AlertDeliveryService>();
            InsertEvaluationService(services);
        }

        return builder;
    }

    private static void AddOptions(IServiceCollection services)
    {
        services.AddSingleton<ApiKeyAlertOptionsSetup>();

        // It goes first, because code overrides settings.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<ApiKeyAlertOptions>>(
            provider => provider.GetRequiredService<ApiKeyAlertOptionsSetup>()));
        services.AddSingleton<IValidateOptions<ApiKeyAlertOptions>>(provider => provider.GetRequiredService<ApiKeyAlertOptionsSetup>());
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ApiKeyAlertOptions>>().Value);
    }

    /// <summary>Adds the service that evaluates alerts before the one that flushes usage, so that it stops after it.</summary>
    private static void InsertEvaluationService(IServiceCollection services)
    {
        var descriptor = ServiceDescriptor.Singleton<IHostedService, AlertEvaluationService>();
        var flush = services.FirstOrDefault(service => service.ImplementationType == typeof(UsageFlushService));
        services.Insert(flush is null ? services.Count : services.IndexOf(flush), descriptor);
    }

    private static ApiKeyWebhookService CreateWebhookService(IServiceProvider provider) => new(
        provider.GetRequiredService<IApiKeyAlertStore>(), provider.GetRequiredService<AlertTargets>(),
        provider.GetRequiredService<AlertDispatcher>(), provider.GetRequiredService<KeyCommands>(),
        provider.GetRequiredService<TimeProvider>());

    private static ApiKeyAlertSettingsService CreateSettingsService(IServiceProvider provider) => new(
        provider.GetRequiredService<IApiKeyAlertStore>(), provider.GetRequiredService<ApiKeyAlertOptions>(),
        provider.GetRequiredService<KeyQueries>(), provider.GetRequiredService<KeyCommands>(),
        provider.GetRequiredService<Logging.ILogger<ApiKeyAlertSettingsService>>());
}
