using System.Collections.Concurrent;

namespace ApiKeyAuth.Backplane;

/// <summary>This process's end of the bus. Calls are bounded in time: a client that hangs, as on a connection that is half open, holds nobody up.</summary>
internal sealed class BackplaneClient(IApiKeyBackplane backplane, ApiKeyBackplaneOptions options, TimeProvider clock, TaskScheduler? scheduler = null)
{
    /// <summary>The name under which this process is listed.</summary>
    public string MemberId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Raised when there is something to ask the bus for, or to tell it.</summary>
    public AsyncSignal HeartbeatRequested { get; } = new(clock, scheduler ?? TaskScheduler.Default);

    /// <summary>Raised when the nodes may have acted on a change.</summary>
    public AsyncSignal Acknowledged { get; } = new(clock, scheduler ?? TaskScheduler.Default);

    /// <summary>The keys whose change other nodes are still to be told of.</summary>
    public ConcurrentDictionary<string, bool> PendingInvalidations { get; } = new(StringComparer.Ordinal);

    // A lease outlives one beat that is lost: the next is sent when half of it has passed at the latest.
    private TimeSpan CallTimeout => options.Lease / 2;

    public Task<HeartbeatResult> SendHeartbeatAsync(string position) =>
        CallWithTimeoutAsync(CallTimeout, token => backplane.SendHeartbeatAsync(MemberId, options.Lease, position, token));

    public Task<PublishResult> PublishAsync(string keyId, TimeSpan timeout) =>
        CallWithTimeoutAsync(timeout, token => backplane.PublishAsync(MemberId, options.Lease, keyId, token));

    public Task<bool> IsAcknowledgedAsync(string position, TimeSpan timeout) =>
        CallWithTimeoutAsync(timeout, token => backplane.IsAcknowledgedAsync(MemberId, options.Lease, position, token));

    public Task LeaveAsync() => CallWithTimeoutAsync(CallTimeout, async token =>
    {
        await backplane.LeaveAsync(MemberId, token);
        return true;
    });

    public Task ListenAsync(CancellationToken cancellationToken) =>
        backplane.ListenAsync(hint => (hint == ApiKeyBackplaneNotification.Acknowledgment ? Acknowledged : HeartbeatRequested).Raise(), cancellationToken);

    /// <summary>Leaves a change to be told by the next beat that is answered.</summary>
    public void QueueInvalidation(string keyId)
    {
        PendingInvalidations[keyId] = true;
        HeartbeatRequested.Raise();
    }

    private async Task<T> CallWithTimeoutAsync<T>(TimeSpan maxDuration, Func<CancellationToken, ValueTask<T>> call)
    {
        // Below zero it would be an error, or, at minus one millisecond, no bound at all.
        maxDuration = maxDuration < TimeSpan.Zero ? TimeSpan.Zero : maxDuration < CallTimeout ? maxDuration : CallTimeout;
        var timeout = new CancellationTokenSource();
        var answer = call(timeout.Token).AsTask();
        try
        {
            return await answer.WaitAsync(maxDuration, clock);
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
