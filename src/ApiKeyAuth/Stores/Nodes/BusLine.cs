using System.Collections.Concurrent;

namespace ApiKeyAuth.Stores;

/// <summary>This process's end of the bus. Calls are bounded in time: a client that hangs, as on a connection that is half open, holds nobody up.</summary>
internal sealed class BusLine(IApiKeyBusCarrier carrier, ApiKeyNodeOptions options, TimeProvider clock, TaskScheduler? scheduler = null)
{
    /// <summary>The name under which this process is listed.</summary>
    public string NodeId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Raised when there is something to ask the bus for, or to tell it.</summary>
    public Pulse Work { get; } = new(clock, scheduler ?? TaskScheduler.Default);

    /// <summary>Raised when the nodes may have acted on a change.</summary>
    public Pulse Acknowledged { get; } = new(clock, scheduler ?? TaskScheduler.Default);

    /// <summary>The keys whose change other nodes are still to be told of.</summary>
    public ConcurrentDictionary<string, bool> Untold { get; } = new(StringComparer.Ordinal);

    // A lease outlives one beat that is lost: the next is sent when half of it has passed at the latest.
    private TimeSpan Patience => options.Lease / 2;

    public Task<ApiKeyBusBeat> BeatAsync(string position) =>
        WithinAsync(Patience, token => carrier.BeatAsync(NodeId, options.Lease, position, token));

    public Task<ApiKeyBusPublication> PublishAsync(string keyId, TimeSpan atMost) =>
        WithinAsync(atMost, token => carrier.PublishAsync(NodeId, options.Lease, keyId, token));

    public Task<bool> IsAcknowledgedAsync(string position, TimeSpan atMost) =>
        WithinAsync(atMost, token => carrier.IsAcknowledgedAsync(NodeId, options.Lease, position, token));

    public Task LeaveAsync() => WithinAsync(Patience, async token =>
    {
        await carrier.LeaveAsync(NodeId, token);
        return true;
    });

    public Task ListenAsync(CancellationToken cancellationToken) =>
        carrier.ListenAsync(hint => (hint == ApiKeyBusHint.Acknowledged ? Acknowledged : Work).Raise(), cancellationToken);

    /// <summary>Leaves a change to be told by the next beat that is answered.</summary>
    public void TellLater(string keyId)
    {
        Untold[keyId] = true;
        Work.Raise();
    }

    private async Task<T> WithinAsync<T>(TimeSpan time, Func<CancellationToken, ValueTask<T>> call)
    {
        // Below zero it would be an error, or, at minus one millisecond, no bound at all.
        time = time < TimeSpan.Zero ? TimeSpan.Zero : time < Patience ? time : Patience;
        var timeout = new CancellationTokenSource();
        var answer = call(timeout.Token).AsTask();
        try
        {
            return await answer.WaitAsync(time, clock);
        }
        catch (TimeoutException)
        {
            _ = timeout.CancelAsync();

            // Nobody asks how the call ends.
            _ = answer.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }
}
