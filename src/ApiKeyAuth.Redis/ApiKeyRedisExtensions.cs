using System.Runtime.CompilerServices;
using ApiKeyAuth;
using ApiKeyAuth.Redis;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Startup;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides extension methods that make the nodes of an app share limits and invalidations over Redis.</summary>
/// <remarks>
/// A rate limiter and a backplane that are added with the same connection string, configuration or connection share one connection. They
/// always share the options.
/// </remarks>
public static class ApiKeyRedisExtensions
{
    /// <summary>Adds the Redis rate limiter and backplane over a connection that the library opens.</summary>
    /// <remarks>
    /// A backplane that was added before is kept, because a backplane in the key store is available whenever the keys are.
    /// </remarks>
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
    /// <exception cref="InvalidOperationException">The Redis rate limiter or backplane was added before.</exception>
    public static ApiKeyAuthBuilder AddRedis(
        this ApiKeyAuthBuilder builder, string connectionString, Action<ApiKeyRedisOptions>? configure = null,
        [CallerArgumentExpression(nameof(connectionString))] string? expression = null) =>
        AddBoth(builder, RedisConnectionFactory.From(connectionString, expression), configure);

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
    /// <exception cref="InvalidOperationException">The Redis rate limiter or backplane was added before.</exception>
    public static ApiKeyAuthBuilder AddRedis(
        this ApiKeyAuthBuilder builder, ConfigurationOptions configuration, Action<ApiKeyRedisOptions>? configure = null) =>
        AddBoth(builder, RedisConnectionFactory.From(configuration), configure);

    /// <summary>Adds the Redis rate limiter and backplane over an existing connection.</summary>
    /// <remarks>
    /// The app disposes of the connection. Create it with <c>BacklogPolicy.FailFast</c>: with the default policy, calls are queued while
    /// the server is unavailable.
    /// </remarks>
    /// <param name="builder">The API key builder.</param>
    /// <param name="connection">The connection to use.</param>
    /// <param name="configure">A delegate that configures the options.</param>
    /// <returns>The builder, so that calls can be chained.</returns>
    /// <exception cref="InvalidOperationException">The Redis rate limiter or backplane was added before.</exception>
    public static ApiKeyAuthBuilder AddRedis(
        this ApiKeyAuthBuilder builder, IConnectionMultiplexer connection, Action<ApiKeyRedisOptions>? configure = null) =>
        AddBoth(builder, RedisConnectionFactory.From(connection), configure);

    /// <summary>Adds the Redis rate limiter over a connection that the library opens.</summary>
    /// <remarks>
    /// All nodes share the limits, which survive restarts of the app. Without a backplane, set
    /// <see cref="ApiKeyRedisOptions.ExpectedNodes"/>.
    /// </remarks>
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
    /// <exception cref="InvalidOperationException">The Redis rate limiter was added before.</exception>
    public static ApiKeyAuthBuilder AddRedisRateLimiter(
        this ApiKeyAuthBuilder builder, string connectionString, Action<ApiKeyRedisOptions>? configure = null,
        [CallerArgumentExpression(nameof(connectionString))] string? expression = null) =>
        AddLimiter(builder, RedisConnectionFactory.From(connectionString, expression), configure);

    /// <summary>Adds the Redis rate limiter over a connection that the library opens with the given configuration.</summary>
    /// <remarks>
    /// Use this overload for certificates, Sentinel and other settings of StackExchange.Redis. The library changes a copy of the
    /// configuration so that the connection fails fast and reconnects while the server is unavailable.
    /// </remarks>
    /// <param name="builder">The API key builder.</param>
    /// <param name="configuration">The servers and how to connect to them.</param>
    /// <param name="configure">A delegate that configures the options.</param>
    /// <returns>The builder, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">The configuration has no server, or a URL instead of a host name.</exception>
    /// <exception cref="InvalidOperationException">The Redis rate limiter was added before.</exception>
    public static ApiKeyAuthBuilder AddRedisRateLimiter(
        this ApiKeyAuthBuilder builder, ConfigurationOptions configuration, Action<ApiKeyRedisOptions>? configure = null) =>
        AddLimiter(builder, RedisConnectionFactory.From(configuration), configure);

    /// <summary>Adds the Redis rate limiter over an existing connection.</summary>
    /// <remarks>
    /// The app disposes of the connection. Create it with <c>BacklogPolicy.FailFast</c>: with the default policy, calls are queued while
    /// the server is unavailable.
    /// </remarks>
    /// <param name="builder">The API key builder.</param>
    /// <param name="connection">The connection to use.</param>
    /// <param name="configure">A delegate that configures the options.</param>
    /// <returns>The builder, so that calls can be chained.</returns>
    /// <exception cref="InvalidOperationException">The Redis rate limiter was added before.</exception>
    public static ApiKeyAuthBuilder AddRedisRateLimiter(
        this ApiKeyAuthBuilder builder, IConnectionMultiplexer connection, Action<ApiKeyRedisOptions>? configure = null) =>
        AddLimiter(builder, RedisConnectionFactory.From(connection), configure);

    /// <summary>Adds the Redis backplane over a connection that the library opens.</summary>
    /// <remarks>
    /// A backplane that was added before is kept, because a backplane in the key store is available whenever the keys are.
    /// </remarks>
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
    /// <exception cref="InvalidOperationException">The Redis backplane was added before.</exception>
    public static ApiKeyAuthBuilder AddRedisBackplane(
        this ApiKeyAuthBuilder builder, string connectionString, Action<ApiKeyRedisOptions>? configure = null,
        [CallerArgumentExpression(nameof(connectionString))] string? expression = null) =>
        AddBackplane(builder, RedisConnectionFactory.From(connectionString, expression), configure);

    /// <summary>Adds the Redis backplane over a connection that the library opens with the given configuration.</summary>
    /// <remarks>
    /// Use this overload for certificates, Sentinel and other settings of StackExchange.Redis. The library changes a copy of the
    /// configuration so that the connection fails fast and reconnects while the server is unavailable.
    /// </remarks>
    /// <param name="builder">The API key builder.</param>
    /// <param name="configuration">The servers and how to connect to them.</param>
    /// <param name="configure">A delegate that configures the options.</param>
    /// <returns>The builder, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">The configuration has no server, or a URL instead of a host name.</exception>
    /// <exception cref="InvalidOperationException">The Redis backplane was added before.</exception>
    public static ApiKeyAuthBuilder AddRedisBackplane(
        this ApiKeyAuthBuilder builder, ConfigurationOptions configuration, Action<ApiKeyRedisOptions>? configure = null) =>
        AddBackplane(builder, RedisConnectionFactory.From(configuration), configure);

    /// <summary>Adds the Redis backplane over an existing connection.</summary>
    /// <remarks>
    /// The app disposes of the connection. Create it with <c>BacklogPolicy.FailFast</c>: with the default policy, calls are queued while
    /// the server is unavailable.
    /// </remarks>
    /// <param name="builder">The API key builder.</param>
    /// <param name="connection">The connection to use.</param>
    /// <param name="configure">A delegate that configures the options.</param>
    /// <returns>The builder, so that calls can be chained.</returns>
    /// <exception cref="InvalidOperationException">The Redis backplane was added before.</exception>
    public static ApiKeyAuthBuilder AddRedisBackplane(
        this ApiKeyAuthBuilder builder, IConnectionMultiplexer connection, Action<ApiKeyRedisOptions>? configure = null) =>
        AddBackplane(builder, RedisConnectionFactory.From(connection), configure);

    private static ApiKeyAuthBuilder AddBoth(
        ApiKeyAuthBuilder builder, RedisConnectionFactory server, Action<ApiKeyRedisOptions>? configure) =>
        AddBackplane(AddLimiter(builder, server, configure), server, configure: null);

    private static ApiKeyAuthBuilder AddLimiter(
        ApiKeyAuthBuilder builder, RedisConnectionFactory server, Action<ApiKeyRedisOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RedisRegistration.AddRateLimiter(builder.Services, server);
        return Configure(builder, configure);
    }

    private static ApiKeyAuthBuilder AddBackplane(
        ApiKeyAuthBuilder builder, RedisConnectionFactory server, Action<ApiKeyRedisOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RedisRegistration.AddBackplane(builder.Services, server);
        return Configure(builder, configure);
    }

    private static ApiKeyAuthBuilder Configure(ApiKeyAuthBuilder builder, Action<ApiKeyRedisOptions>? configure)
    {
        if (configure is not null)
        {
            builder.Services.Configure(configure);
        }

        return builder;
    }
}
