using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Stores;

/// <summary>Registers what keeps nodes in step; whether there is a bus is decided by whether a carrier is registered, before or after.</summary>
internal static class NodeRegistration
{
    public static void Add(IServiceCollection services)
    {
        // By factories: a host that checks what it can make would find no carrier where there is no bus.
        services.AddSingleton(provider => new BusLine(
            provider.GetRequiredService<IApiKeyBusCarrier>(), provider.GetRequiredService<ApiKeyNodeOptions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Node>(provider));
        services.AddSingleton(provider => HasBus(provider)
            ? new NodeLease(provider.GetRequiredService<ApiKeyNodeOptions>().Lease, provider.GetRequiredService<TimeProvider>())
            : new NodeLease());
        services.TryAddSingleton<IApiKeyNodes>(provider => HasBus(provider) ? provider.GetRequiredService<Node>() : new SingleNode());
        services.AddSingleton(provider => new ApiKeyBus(
            provider.GetRequiredService<IApiKeyCache>(), HasBus(provider) ? provider.GetRequiredService<BusLine>() : null,
            provider.GetRequiredService<ApiKeyNodeOptions>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ApiKeyMetrics>(), provider.GetRequiredService<ILogger<ApiKeyBus>>()));
        services.AddSingleton<IApiKeyBus>(provider => provider.GetRequiredService<ApiKeyBus>());
        services.AddHostedService<NodeService>();
    }

    private static bool HasBus(IServiceProvider provider) => provider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IApiKeyBusCarrier));
}
