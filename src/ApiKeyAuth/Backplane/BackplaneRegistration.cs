using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Backplane;

/// <summary>Registers what keeps nodes in step; whether there is a bus is decided by whether a carrier is registered, before or after.</summary>
internal static class BackplaneRegistration
{
    public static void Add(IServiceCollection services)
    {
        // By factories: a host that checks what it can make would find no carrier where there is no bus.
        services.AddSingleton(provider => new BackplaneClient(
            provider.GetRequiredService<IApiKeyBackplane>(), provider.GetRequiredService<ApiKeyBackplaneOptions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<BackplaneMember>(provider));
        services.AddSingleton(provider => HasBackplane(provider)
            ? new CacheLease(provider.GetRequiredService<ApiKeyBackplaneOptions>().Lease, provider.GetRequiredService<TimeProvider>())
            : new CacheLease());
        services.TryAddSingleton<IApiKeyBackplaneMembership>(provider => HasBackplane(provider) ? provider.GetRequiredService<BackplaneMember>() : new StandaloneMembership());
        services.AddSingleton(provider => new ApiKeyInvalidator(
            provider.GetRequiredService<IApiKeyCache>(), HasBackplane(provider) ? provider.GetRequiredService<BackplaneClient>() : null,
            provider.GetRequiredService<ApiKeyBackplaneOptions>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ApiKeyMetrics>(), provider.GetRequiredService<ILogger<ApiKeyInvalidator>>()));
        services.AddSingleton<IApiKeyInvalidator>(provider => provider.GetRequiredService<ApiKeyInvalidator>());
        services.AddHostedService<BackplaneService>();
    }

    private static bool HasBackplane(IServiceProvider provider) => provider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IApiKeyBackplane));
}
