using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>The one connection to Redis, made when it is first asked for.</summary>
internal sealed class RedisConnection(RedisConnectionFactory connectionFactory, ApiKeyRedisOptions options) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<IConnectionMultiplexer>? _connecting;
    private TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDisposed;

    /// <summary>What the names of all keys and channels begin with.</summary>
    public string Prefix => options.KeyPrefix;

    /// <summary>
    /// Gets a task that completes when the current connection is replaced. Read it before the connection, so that no replacement is missed.
    /// </summary>
    public Task Replaced => Volatile.Read(ref _replaced).Task;

    /// <summary>Gets whether servers are connected and all of them are replicas.</summary>
    public bool HasOnlyReplicas =>
        Volatile.Read(ref _connecting) is { IsCompletedSuccessfully: true } connected
        && connected.GetAwaiter().GetResult().GetServers().Where(server => server.IsConnected).ToList() is { Count: > 0 } servers
        && servers.TrueForAll(server => server.IsReplica);

    /// <summary>The connection; it may stand without a server behind it, and then fails each call at once.</summary>
    public Task<IConnectionMultiplexer> OpenAsync()
    {
        lock (_lock)
        {
            // One that failed is made anew; the server being away is no failure, but an unreadable certificate is.
            return _connecting is null or { IsFaulted: true } ? _connecting = connectionFactory.ConnectAsync() : _connecting;
        }
    }

    /// <summary>The database in it.</summary>
    public ValueTask<IDatabase> GetDatabaseAsync()
    {
        var connecting = OpenAsync();
        return connecting.IsCompletedSuccessfully ? new(GetDatabase(connecting.GetAwaiter().GetResult())) : WaitAsync(connecting);

        async ValueTask<IDatabase> WaitAsync(Task<IConnectionMultiplexer> connection) => GetDatabase(await connection);
    }

    /// <summary>Makes another connection beside it, for the caller to close; null where only the app knows how.</summary>
    public Task<IConnectionMultiplexer?> OpenNewAsync() => connectionFactory.ConnectNewAsync();

    /// <summary>Uses another connection from now on, and closes the one before it once its calls have ended.</summary>
    /// <exception cref="ObjectDisposedException">This was disposed of; the other connection is still the caller's.</exception>
    public void Replace(IConnectionMultiplexer replacement)
    {
        Task<IConnectionMultiplexer>? before;
        TaskCompletionSource replaced;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            (before, _connecting) = (_connecting, Task.FromResult(replacement));
            (replaced, _replaced) = (_replaced, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        replaced.SetResult();
        _ = CloseAsync(before);
    }

    /// <summary>The database in a connection.</summary>
    public IDatabase GetDatabase(IConnectionMultiplexer connection) => connection.GetDatabase(options.Database ?? -1);

    public async ValueTask DisposeAsync()
    {
        Task<IConnectionMultiplexer>? last;
        lock (_lock)
        {
            (last, _isDisposed) = (_connecting, true);
        }

        if (!connectionFactory.IsShared && last is { IsCompletedSuccessfully: true })
        {
            await (await last).DisposeAsync();
        }
    }

    private static async Task CloseAsync(Task<IConnectionMultiplexer>? connecting)
    {
        try
        {
            if (connecting is not null)
            {
                await using var connection = await connecting;
                await connection.CloseAsync(allowCommandsToComplete: true);
            }
        }
        catch (Exception)
        {
            // It is no longer in use.
        }
    }
}
