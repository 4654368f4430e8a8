using ApiKeyAuth.Backplane;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Represents a backplane in memory that responds immediately until it is made to hang.</summary>
internal sealed class InMemoryBackplane : IApiKeyBackplane
{
    private readonly InMemoryBackplaneServer _server = new(static () => 0);
    private readonly TaskCompletionSource _never = new();
    private volatile bool _hangs;
    private int _hanging;

    /// <summary>Gets the registered nodes.</summary>
    public IReadOnlyCollection<string> Nodes => _server.Nodes;

    /// <summary>Gets the number of hanging calls.</summary>
    public int Hanging => Volatile.Read(ref _hanging);

    /// <summary>Makes all further calls hang, even if their token is canceled.</summary>
    public void Hang() => _hangs = true;

    public async ValueTask<HeartbeatResult> SendHeartbeatAsync(
        string memberId, TimeSpan lease, string position, CancellationToken cancellationToken)
    {
        await CallAsync();
        return _server.Heartbeat(memberId, lease, position);
    }

    public async ValueTask<PublishResult> PublishAsync(
        string memberId, TimeSpan lease, string keyId, CancellationToken cancellationToken)
    {
        await CallAsync();
        return _server.Publish(memberId, lease, keyId);
    }

    public async ValueTask<bool> IsAcknowledgedAsync(string memberId, TimeSpan lease, string position, CancellationToken cancellationToken)
    {
        await CallAsync();
        return _server.IsAcknowledged(memberId, lease, position);
    }

    public async ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken)
    {
        await CallAsync();
        _server.Leave(memberId);
    }

    public Task ListenAsync(Action<ApiKeyBackplaneNotification> onNotification, CancellationToken cancellationToken) =>
        Task.Delay(Timeout.Infinite, cancellationToken);

    private Task CallAsync()
    {
        if (!_hangs)
        {
            return Task.CompletedTask;
        }

        Interlocked.Increment(ref _hanging);
        return _never.Task;
    }
}
