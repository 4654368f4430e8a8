using ApiKeyAuth.Backplane;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Represents a carrier whose server answers at once, until it is told to hang.</summary>
internal sealed class ServedCarrier : IApiKeyBackplane
{
    private readonly BusServer _server = new(static () => 0);
    private readonly TaskCompletionSource _never = new();
    private volatile bool _hangs;
    private int _hanging;

    /// <summary>Gets the nodes that are registered.</summary>
    public IReadOnlyCollection<string> Nodes => _server.Nodes;

    /// <summary>Gets how many calls hang.</summary>
    public int Hanging => Volatile.Read(ref _hanging);

    /// <summary>Makes each call from now on hang, also if its token is canceled.</summary>
    public void Hang() => _hangs = true;

    public async ValueTask<HeartbeatResult> SendHeartbeatAsync(string memberId, TimeSpan lease, string position, CancellationToken cancellationToken)
    {
        await CallAsync();
        return _server.Beat(memberId, lease, position);
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
