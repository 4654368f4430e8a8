using ApiKeyAuth.Configuration;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Diagnostics;
using ApiKeyAuth.Redis.Limiter;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Registers the Redis limiter instead of the in-memory one.</summary>
internal static class LimiterRegistration
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<RedisMetrics>();
        services.AddSingleton<RedisCircuitBreaker>();
        services.AddSingleton<FallbackLimiter>();
        services.AddSingleton<StallAwareClock>();
        services.AddSingleton<LimiterClient>();
        services.AddSingleton<WarmUp>();
        services.AddSingleton<KeyStateTable>();
        services.AddSingleton(provider => new StateNames(provider.GetRequiredService<RedisConnection>().Prefix));
        services.Replace(ServiceDescriptor.Singleton<IApiKeyRateLimiter, RedisRateLimiter>());
        services.AddSingleton<ServerProbe>();
        services.AddSingleton<ServerCheck>();
        services.AddSingleton<HostNameCheck>();
        if (!ApiKeyBuildTime.IsActive)
        {
            services.AddSingleton<IHostedService, RedisStartupCheck>();
        }
    }
}
