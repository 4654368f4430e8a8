using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Backplane.Membership;

/// <summary>Represents this node on the backplane. Each heartbeat applies new changes and then renews the lease.</summary>
internal sealed class BackplaneMember(
    BackplaneClient client,
    IApiKeyCache cache,
    CacheLease lease,
    ApiKeyBackplaneOptions options,
    MemberCountRecorder recorder,
    TimeProvider clock,
    ILogger<BackplaneMember> logger) : IApiKeyBackplaneMembership
{
    private string _position = "";
    private int _memberCount = 1;
    private long? _memberListStartedAt;
    private bool? _isReachable;

    public int MemberCount => Volatile.Read(ref _memberCount);

    /// <summary>Gets the remaining time of the lease.</summary>
    public TimeSpan RemainingLease
    {
        get
        {
            var now = clock.GetTimestamp();
            return lease.IsHeld(now) ? clock.GetElapsedTime(now, lease.ExpiresAt) : TimeSpan.Zero;
        }
    }

    private TimeSpan HeartbeatInterval => options.Lease / 3;

    /// <summary>Sends the first heartbeat. If the backplane is unavailable, the stored number of nodes counts until it responds.</summary>
    public async Task StartAsync()
    {
        await SendHeartbeatAsync();
        if (_isReachable == false && await recorder.LoadAsync() is { } stored)
        {
            Volatile.Write(ref _memberCount, Math.Max(1, stored));
        }
    }

    /// <summary>Sends heartbeats until it is stopped, and waits for the one in flight.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var signal = client.HeartbeatRequested.Next;
            var sent = clock.GetTimestamp();
            if (!await SendHeartbeatAsync())
            {
                await client.HeartbeatRequested.WaitAsync(signal, HeartbeatInterval - clock.GetElapsedTime(sent), stoppingToken);
            }
        }
    }

    /// <summary>Sends a heartbeat and applies the changes in its response. Calls must not be concurrent.</summary>
    /// <returns>True if there were changes, which the next heartbeat acknowledges.</returns>
    public async Task<bool> SendHeartbeatAsync()
    {
        var sent = clock.GetTimestamp();
        HeartbeatResult result;
        try
        {
            result = await client.SendHeartbeatAsync(_position);
        }
        catch (Exception exception)
        {
            ReportUnreachable(exception);
            return false;
        }

        InvalidateKeys(result.ChangedKeyIds);
        var hasChanges = result.Position != _position;
        if (result.ChangedKeyIds is null && (_position.Length > 0 || _isReachable == false))
        {
            _memberListStartedAt = sent;
        }

        _position = result.Position;
        lease.Renew(sent);
        UpdateMemberCount(result.MemberCount);
        ReportReachable();
        await PublishPendingAsync(sent);
        return hasChanges;
    }

    /// <summary>Releases the lease and removes this node from the list of members.</summary>
    public async Task LeaveAsync()
    {
        lease.Release();
        try
        {
            await PublishPendingAsync(clock.GetTimestamp());
            await client.LeaveAsync();
        }
        catch (Exception exception)
        {
            Log.BackplaneLeaveFailed(logger, exception.GetType().Name);
        }
    }

    private void InvalidateKeys(IReadOnlyList<string>? keyIds)
    {
        if (keyIds is null)
        {
            cache.InvalidateAll();
            return;
        }

        foreach (var keyId in keyIds)
        {
            cache.Invalidate(keyId);
        }
    }

    /// <summary>Publishes invalidations that failed before, for at most one heartbeat interval.</summary>
    private async Task PublishPendingAsync(long startedAt)
    {
        foreach (var keyId in client.PendingInvalidations.Keys)
        {
            // Removed before publishing: if it is queued again meanwhile, the key was changed again.
            if (clock.GetElapsedTime(startedAt) >= HeartbeatInterval || !client.PendingInvalidations.TryRemove(keyId, out _))
            {
                return;
            }

            try
            {
                await client.PublishAsync(keyId, HeartbeatInterval);
            }
            catch (Exception)
            {
                // The failure was reported when the change was made. The next heartbeat retries.
                client.PendingInvalidations[keyId] = true;
                return;
            }
        }
    }

    // A new list lacks the members that have not sent a heartbeat yet. A count that is too low would divide the limits among too few nodes.
    private void UpdateMemberCount(int listedMembers)
    {
        var isComplete = _memberListStartedAt is not { } startedAt || clock.GetElapsedTime(startedAt) >= options.Lease * 1.5;
        Volatile.Write(ref _memberCount, Math.Max(isComplete ? 1 : _memberCount, listedMembers));
        recorder.Observe(_memberCount);
    }

    private void ReportUnreachable(Exception exception)
    {
        if (_isReachable != false)
        {
            // Only the type is logged: the message may hold a connection string.
            Log.BackplaneUnavailable(logger, exception.GetType().Name);
        }

        _isReachable = false;
    }

    private void ReportReachable()
    {
        if (_isReachable != true)
        {
            Log.BackplaneAvailable(logger, MemberCount);
        }

        _isReachable = true;
    }
}
