using System.Runtime.CompilerServices;
using ApiKeyAuth;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Redis;
using ApiKeyAuth.Redis.Backplane;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Startup;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides extension methods that make the nodes of an app share limits and invalidations over Redis.</summary>
public static class ApiKeyRedisExtensions
{
    /// <summary>Adds the Redis rate limiter and backplane over a connection that the library opens.</summary>
    /// <param name="builder">The API key builder.</param>
    /// <param name="connectionString">
    /// A StackExchange.Redis connection string, such as <c>redis:6380,ssl=true,user=app,password=…</c>, or a URL:
    /// <c>redis://user:password@host:port/database</c>, or <c>rediss://</c> for TLS. The default port of a URL is 6379. Reserved characters
    /// in the user and password of a URL must be percent-encoded.
    /// </param>
    /// <param name="configure">A delegate that configures the options.</param>
    /// <param name="expression">
    /// The source text of <paramref name="connectionString"/>. The compiler supplies it, so that an error can name the setting.
    /// </param>
    /// <returns>The builder, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">The connection string is empty or cannot be read.</exception>
    /// <exception cref="InvalidOperationException">Redis was added before.</exception>
    public static ApiKeyAuthBuilder AddRedis(
        this ApiKeyAuthBuilder builder, string connectionString, Action<ApiKeyRedisOptions>? configure = null,
        [CallerArgumentExpression(nameof(connectionString))] string? expression = null)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new ArgumentException(
                $"AddRedis(): the connection string is empty; set {SettingName.Describe(expression)}.", nameof(connectionString));
        }

        return Add(builder, new RedisConnectionFactory(Parse(connectionString)), configure);
    }

    /// <summary>Adds the Redis rate limiter and backplane over a connection that the library opens with the given configuration.</summary>
    /// <remarks>
    /// Use this overload for certificates, Sentinel and other settings of StackExchange.Redis. The library changes a copy of the
    /// configuration so that the connection fails fast and reconnects while the server is unavailable.
    /// </remarks>
    /// <param name="builder">The API key builder.</param>
    /// <param name="configuration">The servers and how to connect to them.</param>
    /// <param name="configure">A delegate that configures the options.</param>
    /// <returns>The builder, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">The configuration has no server, or a URL instead of a host name.</exception>
    /// <exception cref="InvalidOperationException">Redis was added before.</exception>
    public static ApiKeyAuthBuilder AddRedis(
        this ApiKeyAuthBuilder builder, ConfigurationOptions configuration, Action<ApiKeyRedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (RedisConnectionString.FindProblem(configuration) is { } problem)
        {
            throw new ArgumentException($"AddRedis(): the configuration cannot be used: {problem}", nameof(configuration));
        }

        return Add(builder, new RedisConnectionFactory(configuration), configure);
    }

    /// <summary>Adds the Redis rate limiter and backplane over an existing connection.</summary>
    /// <remarks>
    /// The app disposes of the connection. Create it with <c>BacklogPolicy.FailFast</c>: with the default policy, calls are queued while
    /// the server is unavailable.
    /// </remarks>
    /// <param name="builder">The API key builder.</param>
    /// <param name="connection">The connection to use.</param>
    /// <param name="configure">A delegate that configures the options.</param>
    /// <returns>The builder, so that calls can be chained.</returns>
    /// <exception cref="InvalidOperationException">Redis was added before.</exception>
    public static ApiKeyAuthBuilder AddRedis(
        this ApiKeyAuthBuilder builder, IConnectionMultiplexer connection, Action<ApiKeyRedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return Add(builder, new RedisConnectionFactory(connection), configure);
    }

    private static ApiKeyAuthBuilder Add(ApiKeyAuthBuilder builder, RedisConnectionFactory server, Action<ApiKeyRedisOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(descriptor => descriptor.ServiceType == typeof(RedisConnection)))
        {
            throw new InvalidOperationException("AddRedis() was called before; call it once.");
        }

        services.AddOptions<ApiKeyRedisOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiKeyRedisOptions>, ApiKeyRedisOptionsValidator>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ApiKeyRedisOptions>>().Value);
        services.AddSingleton(server);
        services.AddSingleton(provider => new RedisConnection(server, provider.GetRequiredService<ApiKeyRedisOptions>()));
        services.AddSingleton<PrimaryRecovery>();
        services.AddSingleton<BackplaneScript>();

        // A backplane in the key store wins: it is available whenever the keys are.
        services.TryAddSingleton<IApiKeyBackplane, RedisBackplane>();
        LimiterRegistration.Add(services);
        return builder;
    }

    private static ConfigurationOptions Parse(string connectionString)
    {
        try
        {
            return RedisConnectionString.Parse(connectionString);
        }
        catch (FormatException exception)
        {
            throw new ArgumentException($"AddRedis(): the connection string cannot be read: {exception.Message}", nameof(connectionString));
        }
    }
}
