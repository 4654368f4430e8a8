namespace ApiKeyAuth.Backplane;

/// <summary>Defines a backplane: a server that holds the list of nodes and the log of changes. Each call must be atomic.</summary>
/// <remarks>
/// A position identifies a change in the log. It consists of a number and a random mark, so that it is not found in a log that lost its end
/// or was replaced. A server that was restarted, or took over from another, starts a new log and a new list of nodes, because a replica
/// that lags behind may lack an acknowledged change. Silent nodes are removed by the clock of the server, which counts a jump as at most
/// half a lease.
/// Calls may throw, hang and be repeated. The caller waits for a limited time and ignores late responses.
/// </remarks>
public interface IApiKeyBackplane
{
    /// <summary>Registers a node, or renews its registration, and returns the changes after a position that it has applied.</summary>
    /// <param name="memberId">The ID of the node.</param>
    /// <param name="lease">
    /// How long the node may answer from its cache after it sent the heartbeat. It is removed after one and a half leases without a
    /// heartbeat.
    /// </param>
    /// <param name="position">The position of the last response that the node has applied, or an empty string.</param>
    /// <param name="cancellationToken">The token that is canceled when the caller no longer waits.</param>
    /// <returns>The changes after the position, and the number of nodes.</returns>
    ValueTask<HeartbeatResult> SendHeartbeatAsync(string memberId, TimeSpan lease, string position, CancellationToken cancellationToken);

    /// <summary>Adds a change to the log and notifies the nodes.</summary>
    /// <param name="memberId">The ID of the publishing node, which has applied the change.</param>
    /// <param name="lease">The lease of that node.</param>
    /// <param name="keyId">The ID of the changed key.</param>
    /// <param name="cancellationToken">The token that is canceled when the caller no longer waits.</param>
    /// <returns>The position of the change, and whether other nodes must acknowledge it.</returns>
    ValueTask<PublishResult> PublishAsync(string memberId, TimeSpan lease, string keyId, CancellationToken cancellationToken);

    /// <summary>Determines whether every other node has applied all changes up to a position, or is no longer registered.</summary>
    /// <remarks>
    /// The result is false if the log does not contain the position, and while the list of nodes may be incomplete: for one and a half
    /// leases after the list was started, using the longest lease of the registered nodes and the caller.
    /// </remarks>
    /// <param name="memberId">The ID of the calling node.</param>
    /// <param name="lease">The lease of that node.</param>
    /// <param name="position">The position of the change.</param>
    /// <param name="cancellationToken">The token that is canceled when the caller no longer waits.</param>
    ValueTask<bool> IsAcknowledgedAsync(string memberId, TimeSpan lease, string position, CancellationToken cancellationToken);

    /// <summary>Removes a node from the list.</summary>
    /// <param name="memberId">The ID of the node.</param>
    /// <param name="cancellationToken">The token that is canceled when the caller no longer waits.</param>
    ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken);

    /// <summary>Receives notifications until the token is canceled.</summary>
    /// <remarks>Notifications only save time: if one is lost, a change takes longer, but is still applied.</remarks>
    /// <param name="onNotification">The function to call for each notification.</param>
    /// <param name="cancellationToken">The token that ends the method.</param>
    Task ListenAsync(Action<ApiKeyBackplaneNotification> onNotification, CancellationToken cancellationToken);
}
