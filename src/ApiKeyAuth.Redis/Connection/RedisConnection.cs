using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>The one connection to Redis, made when it is first asked for.</summary>
internal sealed class RedisConnection(RedisServer server, ApiKeyRedisOptions options) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<IConnectionMultiplexer>? _connecting;

    /// <summary>What the names of all keys and channels begin with.</summary>
    public string Prefix => options.KeyPrefix;

    /// <summary>The connection; it may stand without a server behind it, and then fails each call at once.</summary>
    public Task<IConnectionMultiplexer> OpenAsync()
    {
        lock (_lock)
        {
            // One that failed is made anew; the server being away is no failure, but an unreadable certificate is.
            return _connecting is null or { IsFaulted: true } ? _connecting = server.ConnectAsync() : _connecting;
        }
    }

    /// <summary>The database in it.</summary>
    public ValueTask<IDatabase> DatabaseAsync()
    {
        var connecting = OpenAsync();
        return connecting.IsCompletedSuccessfully ? new(DatabaseOf(connecting.GetAwaiter().GetResult())) : WaitAsync(connecting);

        async ValueTask<IDatabase> WaitAsync(Task<IConnectionMultiplexer> connection) => DatabaseOf(await connection);
    }

    /// <summary>Makes another connection beside it, for the caller to close; null where only the app knows how.</summary>
    public Task<IConnectionMultiplexer?> OpenAnotherAsync() => server.ConnectAnotherAsync();

    /// <summary>The database in a connection.</summary>
    public IDatabase DatabaseOf(IConnectionMultiplexer connection) => connection.GetDatabase(options.Database ?? -1);

    public async ValueTask DisposeAsync()
    {
        if (!server.IsShared && _connecting is { IsCompletedSuccessfully: true } connected)
        {
            await (await connected).DisposeAsync();
        }
    }
}
