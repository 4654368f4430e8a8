using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Tests.Stores.Nodes;

/// <summary>The bus as one node of a simulation reaches it.</summary>
internal sealed class SimulatedCarrier(BusServer server, Link link) : IApiKeyBusCarrier
{
    // Tokens are set from a thread of the pool where a call is given up, which a simulation cannot have; what is given up may be served all the same.
    public ValueTask<ApiKeyBusBeat> BeatAsync(string nodeId, TimeSpan lease, string position, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => server.Beat(nodeId, lease, position), CancellationToken.None));

    public ValueTask<ApiKeyBusPublication> PublishAsync(string nodeId, TimeSpan lease, string keyId, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => server.Publish(nodeId, lease, keyId), CancellationToken.None));

    public ValueTask<bool> IsAcknowledgedAsync(string nodeId, TimeSpan lease, string position, CancellationToken cancellationToken) =>
        new(link.CallAsync(() => server.IsAcknowledged(nodeId, lease, position), CancellationToken.None));

    public async ValueTask LeaveAsync(string nodeId, CancellationToken cancellationToken) => await link.CallAsync(
        () =>
        {
            server.Leave(nodeId);
            return true;
        },
        CancellationToken.None);

    public Task ListenAsync(Action<ApiKeyBusHint> hint, CancellationToken cancellationToken)
    {
        server.Hinted += what => link.Hint(() => hint(what));
        return Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
