using System.Net;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>Where Redis is: a connection that the app has, or how to make one.</summary>
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

    /// <summary>Whether the connection is the app's, which then closes it.</summary>
    public bool IsShared => _connection is not null;

    /// <summary>
    /// Gets the servers that this process looks up and connects to; none if the connection is the app's or goes through a tunnel.
    /// </summary>
    public IReadOnlyList<EndPoint> EndPoints => _configuration is { Tunnel: null } own ? [.. own.EndPoints] : [];

    /// <summary>Connects. A server that is away is no error: the connection then comes about by itself, later.</summary>
    public async Task<IConnectionMultiplexer> ConnectAsync() => _connection ?? await ConnectionMultiplexer.ConnectAsync(_configuration!);

    /// <summary>Makes another connection beside it; null where only the app knows how.</summary>
    public async Task<IConnectionMultiplexer?> ConnectNewAsync() =>
        _configuration is null ? null : await ConnectionMultiplexer.ConnectAsync(_configuration);
}
