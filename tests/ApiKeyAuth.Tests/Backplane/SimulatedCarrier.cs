using ApiKeyAuth.Backplane;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>The bus as one node of a simulation reaches it.</summary>
internal sealed class SimulatedCarrier(BusServer server, Link link) : IApiKeyBackplane
{
    // Tokens are set from a thread of the pool where a call is given up, which a simulation cannot have; what is given up may be served all the same.
    public ValueTask<HeartbeatResult> SendHeartbeatAsync(string memberId, TimeSpan lease, string position, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => server.Beat(memberId, lease, position), CancellationToken.None));

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
        server.Hinted += what => link.Hint(() => onNotification(what));
        return Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
