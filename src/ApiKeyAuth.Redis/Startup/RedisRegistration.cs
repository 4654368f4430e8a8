using System.Diagnostics.CodeAnalysis;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis.Backplane;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Diagnostics;
using ApiKeyAuth.Redis.Limiter;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Registers the features that use Redis. Features with the same server share its connection and its check.</summary>
internal static class RedisRegistration
{
    /// <summary>Registers the Redis limiter instead of the in-memory one.</summary>
    /// <exception cref="InvalidOperationException">The limiter was added before.</exception>
    public static void AddRateLimiter(IServiceCollection services, RedisConnectionFactory server)
    {
        AddServer(services, server, RedisFeature.RateLimiter);
        services.AddSingleton<RedisMetrics>();
        services.AddSingleton<RedisCircuitBreaker>();
        services.AddSingleton<FallbackLimiter>();
        services.AddSingleton<LimiterClient>();
        services.AddSingleton<WarmUp>();
        services.AddSingleton<KeyStateTable>();
        services.AddSingleton(provider => new StateNames(provider.GetRequiredService<ApiKeyRedisOptions>().KeyPrefix));
        services.AddSingleton<ServerProbe>();
        services.Replace(ServiceDescriptor.Singleton<IApiKeyRateLimiter, RedisRateLimiter>());
        AddStartupCheck<LimiterStartupCheck>(services);
    }

    /// <summary>
    /// Registers the Redis backplane, unless there is one: a backplane in the key store is available whenever the keys are.
    /// </summary>
    /// <exception cref="InvalidOperationException">The Redis backplane was added before.</exception>
    public static void AddBackplane(IServiceCollection services, RedisConnectionFactory server)
    {
        AddServer(services, server, RedisFeature.Backplane);
        services.AddSingleton<BackplaneScript>();
        services.TryAddSingleton<IApiKeyBackplane, RedisBackplane>();
        AddStartupCheck<BackplaneStartupCheck>(services);
    }

    private static void AddServer(IServiceCollection services, RedisConnectionFactory server, string feature)
    {
        if (services.Any(descriptor => descriptor.IsKeyedService && Equals(descriptor.ServiceKey, feature)))
        {
            throw new InvalidOperationException($"{server.Method}(): the Redis {feature} was added before; add it once.");
        }

        AddOptions(services);
        services.TryAddKeyedSingleton(
            server, (provider, _) => ActivatorUtilities.CreateInstance<RedisConnection>(provider, server));
        services.TryAddKeyedSingleton(server, (provider, _) => ActivatorUtilities.CreateInstance<ServerCheck>(
            provider, provider.GetRequiredKeyedService<RedisConnection>(server)));
        services.AddKeyedSingleton(feature, (provider, _) => provider.GetRequiredKeyedService<RedisConnection>(server));
        services.AddKeyedSingleton(feature, (provider, _) => provider.GetRequiredKeyedService<ServerCheck>(server));
    }

    private static void AddOptions(IServiceCollection services)
    {
        services.AddOptions<ApiKeyRedisOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ApiKeyRedisOptions>, ApiKeyRedisOptionsValidator>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<ApiKeyRedisOptions>>().Value);
        services.TryAddSingleton<StallAwareClock>();
    }

    private static void AddStartupCheck<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCheck>(
        IServiceCollection services)
        where TCheck : class, IHostedService
    {
        if (!ApiKeyBuildTime.IsActive)
        {
            services.AddSingleton<IHostedService, TCheck>();
        }
    }
}
