using System.Collections.Concurrent;

namespace ApiKeyAuth.Backplane;

/// <summary>Calls the backplane with a timeout, so that a call that hangs, as on a half-open connection, delays nothing.</summary>
internal sealed class BackplaneClient(
    IApiKeyBackplane backplane, ApiKeyBackplaneOptions options, TimeProvider clock, TaskScheduler? scheduler = null)
{
    /// <summary>Gets the ID under which this process is registered.</summary>
    public string MemberId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Gets the signal that is raised when a heartbeat should be sent at once.</summary>
    public AsyncSignal HeartbeatRequested { get; } = new(clock, scheduler ?? TaskScheduler.Default);

    /// <summary>Gets the signal that is raised when all nodes may have acknowledged a change.</summary>
    public AsyncSignal Acknowledged { get; } = new(clock, scheduler ?? TaskScheduler.Default);

    /// <summary>Gets the IDs of the keys whose invalidation must still be published.</summary>
    public ConcurrentDictionary<string, bool> PendingInvalidations { get; } = new(StringComparer.Ordinal);

    // A lease survives one lost heartbeat: the next is sent when at most half of the lease has passed.
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
        backplane.ListenAsync(
            notification => (notification == ApiKeyBackplaneNotification.Acknowledgment ? Acknowledged : HeartbeatRequested).Raise(),
            cancellationToken);

    /// <summary>Queues an invalidation, which is published after the next answered heartbeat.</summary>
    public void QueueInvalidation(string keyId)
    {
        PendingInvalidations[keyId] = true;
        HeartbeatRequested.Raise();
    }

    private async Task<T> CallWithTimeoutAsync<T>(TimeSpan maxDuration, Func<CancellationToken, ValueTask<T>> call)
    {
        // A negative timeout throws, or, if it is -1 ms, means no timeout.
        maxDuration = maxDuration < TimeSpan.Zero ? TimeSpan.Zero : maxDuration < CallTimeout ? maxDuration : CallTimeout;
        var timeout = new CancellationTokenSource();
        var result = call(timeout.Token).AsTask();
        try
        {
            return await result.WaitAsync(maxDuration, clock);
        }
        catch (TimeoutException)
        {
            _ = timeout.CancelAsync();

            // Observes the exception of the abandoned call.
            _ = result.ContinueWith(
                static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }
}
