namespace ApiKeyAuth.Backplane;

/// <summary>The server of a bus: it holds the list of nodes and the log of changes, and does each call here in one step, one after another.</summary>
/// <remarks>
/// A position is a place in the log, written so that it is not found again in a log that lost its end or is another one: a change is given
/// a random mark beside its number, and a server that was started, or took over from another, begins a new log and a new list: a copy that lags
/// behind may lack a change that has been waited for. Nodes are told apart from gone ones by the server's clock, which counts no jump for more than half a lease.
/// Calls may throw, hang and be repeated; who calls waits for a bounded time, and ignores an answer that comes later.
/// </remarks>
public interface IApiKeyBackplane
{
    /// <summary>Lists or keeps a node as one that has acted on all changes up to a position, and answers with those after it.</summary>
    /// <param name="memberId">The node.</param>
    /// <param name="lease">For how long it answers from its cache after it sent this; it is gone when it was silent for half as long again.</param>
    /// <param name="position">The position of the last answer it acted on, or empty.</param>
    /// <param name="cancellationToken">Set when nobody waits any more.</param>
    ValueTask<HeartbeatResult> SendHeartbeatAsync(string memberId, TimeSpan lease, string position, CancellationToken cancellationToken);

    /// <summary>Adds a change to the log and hints at it.</summary>
    /// <param name="memberId">The node that publishes, which has acted on the change.</param>
    /// <param name="lease">Its lease.</param>
    /// <param name="keyId">The key that was changed.</param>
    /// <param name="cancellationToken">Set when nobody waits any more.</param>
    ValueTask<PublishResult> PublishAsync(string memberId, TimeSpan lease, string keyId, CancellationToken cancellationToken);

    /// <summary>Tells whether every other node has acted on all changes up to a position, or is gone.</summary>
    /// <remarks>
    /// False where the position is not in the log, and while the list of nodes may lack one: for one and a half leases after it was begun, of the
    /// longest lease among those listed and the caller's own, because the list may hold nobody yet.
    /// </remarks>
    ValueTask<bool> IsAcknowledgedAsync(string memberId, TimeSpan lease, string position, CancellationToken cancellationToken);

    /// <summary>Takes a node off the list.</summary>
    ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken);

    /// <summary>Listens for hints until the token is set. They only wake: one that is lost makes a change slower, never weaker.</summary>
    Task ListenAsync(Action<ApiKeyBackplaneNotification> onNotification, CancellationToken cancellationToken);
}
