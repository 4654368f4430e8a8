using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>Represents the connection to Redis, which is opened when it is first used.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private readonly RedisConnectionFactory _factory;
    private readonly ApiKeyRedisOptions _options;
    private readonly PrimaryRecovery _primaryRecovery;
    private readonly Lock _lock = new();
    private Task<IConnectionMultiplexer>? _connecting;
    private TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDisposed;

    public RedisConnection(
        RedisConnectionFactory factory, ApiKeyRedisOptions options, TimeProvider time, ILogger<PrimaryRecovery> logger)
    {
        (_factory, _options) = (factory, options);
        _primaryRecovery = new PrimaryRecovery(this, time, logger);
    }

    /// <summary>Gets the prefix of all Redis keys and channels.</summary>
    public string Prefix => _options.KeyPrefix;

    /// <inheritdoc cref="RedisConnectionFactory.Method"/>
    public string Method => _factory.Method;

    /// <inheritdoc cref="RedisConnectionFactory.IsShared"/>
    public bool IsShared => _factory.IsShared;

    /// <inheritdoc cref="RedisConnectionFactory.EndPoints"/>
    public IReadOnlyList<EndPoint> EndPoints => _factory.EndPoints;

    /// <summary>
    /// Gets a task that completes when the current connection is replaced. Read it before the connection, so that no replacement is missed.
    /// </summary>
    public Task Replaced => Volatile.Read(ref _replaced).Task;

    /// <summary>Gets whether servers are connected and all of them are replicas.</summary>
    public bool HasOnlyReplicas =>
        Volatile.Read(ref _connecting) is { IsCompletedSuccessfully: true } connected
        && connected.GetAwaiter().GetResult().GetServers().Where(server => server.IsConnected).ToList() is { Count: > 0 } servers
        && servers.TrueForAll(server => server.IsReplica);

    /// <summary>Opens the connection. If no server is available, calls on it fail at once until it reconnects.</summary>
    public Task<IConnectionMultiplexer> OpenAsync()
    {
        lock (_lock)
        {
            // An unavailable server does not fault the task, but an unreadable certificate does.
            return _connecting is null or { IsFaulted: true } ? _connecting = _factory.ConnectAsync() : _connecting;
        }
    }

    /// <summary>Gets the configured database of the current connection.</summary>
    public ValueTask<IDatabase> GetDatabaseAsync()
    {
        var connecting = OpenAsync();
        return connecting.IsCompletedSuccessfully ? new(GetDatabase(connecting.GetAwaiter().GetResult())) : WaitAsync(connecting);

        async ValueTask<IDatabase> WaitAsync(Task<IConnectionMultiplexer> connection) => GetDatabase(await connection);
    }

    /// <summary>Opens another connection, which the caller disposes of.</summary>
    /// <returns>The connection, or <see langword="null"/> if the app supplied its own.</returns>
    public Task<IConnectionMultiplexer?> OpenNewAsync() => _factory.ConnectNewAsync();

    /// <summary>Replaces the connection and closes the previous one when its calls have completed.</summary>
    /// <exception cref="ObjectDisposedException">The object is disposed. The caller still owns the replacement.</exception>
    public void Replace(IConnectionMultiplexer replacement)
    {
        Task<IConnectionMultiplexer>? previous;
        TaskCompletionSource replaced;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            (previous, _connecting) = (_connecting, Task.FromResult(replacement));
            (replaced, _replaced) = (_replaced, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        replaced.SetResult();
        _ = CloseAsync(previous);
    }

    /// <summary>Gets the configured database of a connection.</summary>
    public IDatabase GetDatabase(IConnectionMultiplexer connection) => connection.GetDatabase(_options.Database ?? -1);

    /// <summary>Starts looking for the primary if a call failed because the server is not one.</summary>
    public void ReportFailure(Exception exception) => _primaryRecovery.ReportFailure(exception);

    public async ValueTask DisposeAsync()
    {
        Task<IConnectionMultiplexer>? last;
        lock (_lock)
        {
            // Each feature that uses the connection disposes of it.
            if (_isDisposed)
            {
                return;
            }

            (last, _isDisposed) = (_connecting, true);
        }

        _primaryRecovery.Dispose();
        if (!IsShared && last is { IsCompletedSuccessfully: true })
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
