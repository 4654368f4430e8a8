using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Backplane;

/// <summary>This node on the bus: it asks for changes several times a lease, acts on them, and only then prolongs its lease.</summary>
internal sealed class BackplaneMember(
    BackplaneClient client, IApiKeyCache cache, CacheLease lease, ApiKeyBackplaneOptions options, TimeProvider clock, ILogger<BackplaneMember> logger) : IApiKeyBackplaneMembership
{
    private string _position = "";
    private int _memberCount = 1;
    private long? _memberListStartedAt;
    private bool? _isReachable;

    public int MemberCount => Volatile.Read(ref _memberCount);

    /// <summary>How much of the lease is left.</summary>
    public TimeSpan RemainingLease
    {
        get
        {
            var now = clock.GetTimestamp();
            return lease.IsHeld(now) ? clock.GetElapsedTime(now, lease.ExpiresAt) : TimeSpan.Zero;
        }
    }

    private TimeSpan HeartbeatInterval => options.Lease / 3;

    /// <summary>Beats until it is told to stop; the beat in flight is waited for.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var work = client.HeartbeatRequested.Next;
            var sent = clock.GetTimestamp();
            if (!await SendHeartbeatAsync())
            {
                await client.HeartbeatRequested.WaitAsync(work, HeartbeatInterval - clock.GetElapsedTime(sent), stoppingToken);
            }
        }
    }

    /// <summary>Asks for changes and acts on them. One beat at a time: the answer to one that was given up is not looked at.</summary>
    /// <returns>Whether there is something to acknowledge, which the next beat does.</returns>
    public async Task<bool> SendHeartbeatAsync()
    {
        var sent = clock.GetTimestamp();
        HeartbeatResult answer;
        try
        {
            answer = await client.SendHeartbeatAsync(_position);
        }
        catch (Exception exception)
        {
            ReportUnreachable(exception);
            return false;
        }

        InvalidateKeys(answer.ChangedKeyIds);
        var isMoved = answer.Position != _position;
        if (answer.ChangedKeyIds is null && _position.Length > 0)
        {
            _memberListStartedAt = sent;
        }

        _position = answer.Position;
        lease.Renew(sent);
        UpdateMemberCount(answer.MemberCount);
        ReportReachable();
        await PublishPendingAsync(sent);
        return isMoved;
    }

    /// <summary>Takes this node off the list; it answers from its cache no more.</summary>
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

    /// <summary>Tells what could not be told before, without missing the next beat over it.</summary>
    private async Task PublishPendingAsync(long startedAt)
    {
        foreach (var keyId in client.PendingInvalidations.Keys)
        {
            // Taken off first: whoever adds it again meanwhile has changed it again.
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
                // It was told when the change was answered that they are not told; the next beat tries again.
                client.PendingInvalidations[keyId] = true;
                return;
            }
        }
    }

    // A list that was begun anew lacks the nodes that have not sent a heartbeat since; an outage then must not be shared among too few.
    private void UpdateMemberCount(int listedMembers)
    {
        var isComplete = _memberListStartedAt is not { } began || clock.GetElapsedTime(began) >= options.Lease * 1.5;
        Volatile.Write(ref _memberCount, Math.Max(isComplete ? 1 : _memberCount, listedMembers));
    }

    private void ReportUnreachable(Exception exception)
    {
        if (_isReachable != false)
        {
            // The message may hold a connection string, so the type alone is told.
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
