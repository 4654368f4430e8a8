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

/// <summary>Adds Redis, which the nodes of an app share.</summary>
public static class ApiKeyRedisExtensions
{
    /// <summary>Adds Redis over a connection of its own.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">
    /// The server as StackExchange.Redis writes it, such as <c>redis:6380,ssl=true,user=app,password=…</c>, or as a URL,
    /// <c>redis://user:password@host:port/database</c> or <c>rediss://</c> for TLS. The default port of a URL is 6379; reserved characters
    /// of the user and password are percent-encoded in it.
    /// </param>
    /// <param name="configure">Sets up more.</param>
    /// <param name="expression">
    /// The source text of <paramref name="connectionString"/>, which the compiler supplies: an error about an empty one names its setting.
    /// </param>
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

    /// <summary>Adds Redis over a connection of its own: with certificates, ACL users, Sentinel or whatever else StackExchange.Redis takes.</summary>
    /// <remarks>A copy is used, which does not wait for a server that is away and tries to reach it again by itself.</remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="configuration">The server and how it is reached.</param>
    /// <param name="configure">Sets up more.</param>
    /// <exception cref="ArgumentException">The configuration names no server, or a URL in the place of one.</exception>
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

    /// <summary>Adds Redis over a connection that the app has.</summary>
    /// <remarks>The app closes it. Make it with <c>BacklogPolicy.FailFast</c>: with the default one, calls pile up while the server is away.</remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="configure">Sets up more.</param>
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

        // A bus beside the store of the keys is the better one: it cannot be away while they are there.
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
