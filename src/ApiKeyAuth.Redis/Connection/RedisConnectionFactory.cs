using System.Net;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>Creates connections to Redis, or returns the app's own.</summary>
/// <remarks>
/// Factories of the same connection string, configuration or connection are equal, so that features added with them share one connection.
/// </remarks>
internal sealed class RedisConnectionFactory : IEquatable<RedisConnectionFactory>
{
    private const string ClientName = "ApiKeyAuth";

    private readonly object _source;
    private readonly ConfigurationOptions? _configuration;
    private readonly IConnectionMultiplexer? _connection;

    private RedisConnectionFactory(object source, ConfigurationOptions configuration, string method)
    {
        (_source, Method) = (source, method);
        _configuration = configuration.Clone();
        _configuration.AbortOnConnectFail = false;
        _configuration.BacklogPolicy = BacklogPolicy.FailFast;
        _configuration.ClientName ??= ClientName;
    }

    private RedisConnectionFactory(IConnectionMultiplexer connection, string method) =>
        (_source, _connection, Method) = (connection, connection, method);

    /// <summary>Gets the name of the method that the app called, for messages.</summary>
    public string Method { get; }

    /// <summary>Gets a value indicating whether the app supplied the connection and disposes of it.</summary>
    public bool IsShared => _connection is not null;

    /// <summary>
    /// Gets the servers that this process looks up and connects to; none if the connection is the app's or goes through a tunnel.
    /// </summary>
    public IReadOnlyList<EndPoint> EndPoints => _configuration is { Tunnel: null } own ? [.. own.EndPoints] : [];

    /// <summary>Creates a factory for a connection string.</summary>
    /// <param name="connectionString">The connection string.</param>
    /// <param name="expression">The source text of the connection string, which may name its setting.</param>
    /// <param name="method">The name of the method that the app called.</param>
    /// <exception cref="ArgumentException">The connection string is empty or cannot be read.</exception>
    public static RedisConnectionFactory From(string connectionString, string? expression, [CallerMemberName] string method = "")
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new ArgumentException(
                $"{method}(): the connection string is empty; set {SettingName.Describe(expression)}.", nameof(connectionString));
        }

        try
        {
            return new RedisConnectionFactory(connectionString, RedisConnectionString.Parse(connectionString), method);
        }
        catch (FormatException exception)
        {
            throw new ArgumentException($"{method}(): the connection string cannot be read: {exception.Message}", nameof(connectionString));
        }
    }

    /// <summary>Creates a factory for a configuration.</summary>
    /// <param name="configuration">The servers and how to connect to them.</param>
    /// <param name="method">The name of the method that the app called.</param>
    /// <exception cref="ArgumentException">The configuration has no server, or a URL instead of a host name.</exception>
    public static RedisConnectionFactory From(ConfigurationOptions configuration, [CallerMemberName] string method = "")
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return RedisConnectionString.FindProblem(configuration) is { } problem
            ? throw new ArgumentException($"{method}(): the configuration cannot be used: {problem}", nameof(configuration))
            : new RedisConnectionFactory(configuration, configuration, method);
    }

    /// <summary>Creates a factory for the app's own connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="method">The name of the method that the app called.</param>
    public static RedisConnectionFactory From(IConnectionMultiplexer connection, [CallerMemberName] string method = "")
    {
        ArgumentNullException.ThrowIfNull(connection);
        return new RedisConnectionFactory(connection, method);
    }

    /// <summary>Connects. If the server is unavailable, the connection is established later.</summary>
    public async Task<IConnectionMultiplexer> ConnectAsync() => _connection ?? await ConnectionMultiplexer.ConnectAsync(_configuration!);

    /// <summary>Opens another connection.</summary>
    /// <returns>The connection, or <see langword="null"/> if the app supplied its own.</returns>
    public async Task<IConnectionMultiplexer?> ConnectNewAsync() =>
        _configuration is null ? null : await ConnectionMultiplexer.ConnectAsync(_configuration);

    /// <inheritdoc/>
    public bool Equals(RedisConnectionFactory? other) => other is not null && _source.Equals(other._source);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RedisConnectionFactory);

    /// <inheritdoc/>
    public override int GetHashCode() => _source.GetHashCode();
}
