using ApiKeyAuth.Backplane;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Represents the backplane as a node of a simulation reaches it.</summary>
internal sealed class SimulatedBackplane(InMemoryBackplaneServer server, NetworkLink link) : IApiKeyBackplane
{
    // The tokens are not passed on: they are canceled from the thread pool, which would make a simulation nondeterministic.
    public ValueTask<HeartbeatResult> SendHeartbeatAsync(
        string memberId, TimeSpan lease, string position, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => server.Heartbeat(memberId, lease, position), CancellationToken.None));

    public ValueTask<PublishResult> PublishAsync(string memberId, TimeSpan lease, string keyId, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => server.Publish(memberId, lease, keyId), CancellationToken.None));

    public ValueTask<bool> IsAcknowledgedAsync(string memberId, TimeSpan lease, string position, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => server.IsAcknowledged(memberId, lease, position), CancellationToken.None));

    public async ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken) => await link.CallAsync(
        () =>
        {
            server.Leave(memberId);
            return true;
        },
        CancellationToken.None);

    public Task ListenAsync(Action<ApiKeyBackplaneNotification> onNotification, CancellationToken cancellationToken)
    {
        server.Notified += what => link.Notify(() => onNotification(what));
        return Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
