using System.Net;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>Creates connections to Redis, or returns the app's own.</summary>
internal sealed class RedisConnectionFactory
{
    private const string ClientName = "ApiKeyAuth";

    private readonly ConfigurationOptions? _configuration;
    private readonly IConnectionMultiplexer? _connection;

    public RedisConnectionFactory(ConfigurationOptions configuration)
    {
        _configuration = configuration.Clone();
        _configuration.AbortOnConnectFail = false;
        _configuration.BacklogPolicy = BacklogPolicy.FailFast;
        _configuration.ClientName ??= ClientName;
    }

    public RedisConnectionFactory(IConnectionMultiplexer connection) => _connection = connection;

    /// <summary>Gets a value indicating whether the app supplied the connection and disposes of it.</summary>
    public bool IsShared => _connection is not null;

    /// <summary>
    /// Gets the servers that this process looks up and connects to; none if the connection is the app's or goes through a tunnel.
    /// </summary>
    public IReadOnlyList<EndPoint> EndPoints => _configuration is { Tunnel: null } own ? [.. own.EndPoints] : [];

    /// <summary>Connects. If the server is unavailable, the connection is established later.</summary>
    public async Task<IConnectionMultiplexer> ConnectAsync() => _connection ?? await ConnectionMultiplexer.ConnectAsync(_configuration!);

    /// <summary>Opens another connection.</summary>
    /// <returns>The connection, or <see langword="null"/> if the app supplied its own.</returns>
    public async Task<IConnectionMultiplexer?> ConnectNewAsync() =>
        _configuration is null ? null : await ConnectionMultiplexer.ConnectAsync(_configuration);
}
