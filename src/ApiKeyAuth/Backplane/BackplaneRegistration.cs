using ApiKeyAuth.Backplane.Membership;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Backplane;

/// <summary>
/// Registers the services of the backplane. There is one if an <see cref="IApiKeyBackplane"/> is registered, before or after.
/// </summary>
internal static class BackplaneRegistration
{
    public static void Add(IServiceCollection services)
    {
        // Registered as factories: a host that validates its services would otherwise fail without a backplane.
        services.AddSingleton(provider => new BackplaneClient(
            provider.GetRequiredService<IApiKeyBackplane>(),
            provider.GetRequiredService<ApiKeyBackplaneOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new MemberCountRecorder(
            provider.GetService<IApiKeyMemberCountStore>(),
            provider.GetRequiredService<ApiKeyCacheOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MemberCountRecorder>>()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<BackplaneMember>(provider));
        services.AddSingleton(provider => HasBackplane(provider)
            ? new CacheLease(provider.GetRequiredService<ApiKeyBackplaneOptions>().Lease, provider.GetRequiredService<TimeProvider>())
            : new CacheLease());
        services.TryAddSingleton<IApiKeyBackplaneMembership>(
            provider => HasBackplane(provider) ? provider.GetRequiredService<BackplaneMember>() : new StandaloneMembership());
        services.AddSingleton(provider => new ApiKeyInvalidator(
            provider.GetRequiredService<IApiKeyCache>(),
            HasBackplane(provider) ? provider.GetRequiredService<BackplaneClient>() : null,
            provider.GetRequiredService<ApiKeyBackplaneOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ApiKeyMetrics>(),
            provider.GetRequiredService<ILogger<ApiKeyInvalidator>>()));
        services.AddSingleton<IApiKeyInvalidator>(provider => provider.GetRequiredService<ApiKeyInvalidator>());
        services.AddHostedService<BackplaneService>();
    }

    private static bool HasBackplane(IServiceProvider provider) =>
        provider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IApiKeyBackplane));
}
