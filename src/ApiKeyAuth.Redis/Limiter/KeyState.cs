using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Represents the state of one key on this node: its cached rejection, its unsynced charges and its batcher.</summary>
internal sealed class KeyState(LimiterClient client)
{
    private readonly UnsyncedCharges _unsyncedCharges = new();
    private RedisRateLimitSubject? _unsyncedSubject;
    private volatile CachedRejection? _cachedRejection;
    private CheckBatcher? _ownBatcher;
    private int _isSynchronizing;

    /// <summary>Determines whether the state can be dropped without a loss.</summary>
    public bool IsIdle(long now) => !_unsyncedCharges.HasAny && _cachedRejection?.IsValid(now) != true;

    /// <summary>Gets the cached rejection if it is still valid for the request.</summary>
    public bool TryGetCachedRejection(RedisRateLimitSubject subject, long cost, long now, out RateLimitDecision rejection)
    {
        rejection = default;
        return _cachedRejection?.TryRepeat(subject, cost, now, out rejection) == true;
    }

    /// <summary>Sends a check, together with checks of other keys if the server supports it.</summary>
    public void Enqueue(PendingCheck check)
    {
        var batcher = client.SharedBatcher ?? LazyInitializer.EnsureInitialized(ref _ownBatcher, () => new CheckBatcher(client));
        batcher.Enqueue(check);
    }

    /// <summary>Applies a decision to a check, and caches it if it is a rejection.</summary>
    public void ApplyDecision(PendingCheck check, RateLimitDecision decision, long sentAt, long receivedAt)
    {
        if (decision is { IsAdmitted: false, RetryAfter: not null })
        {
            _cachedRejection = new CachedRejection(check.Subject, check.Cost, decision, sentAt, receivedAt);
        }

        check.SetDecision(decision);
    }

    /// <summary>Records a charge that was made without Redis. It is synchronized with the next call.</summary>
    public void AddUnsyncedCharge(RedisRateLimitSubject subject, long cost, long now)
    {
        _unsyncedSubject = subject;
        _unsyncedCharges.Add(now, cost, subject.LongestWindow.Ticks);
        client.AddUnsyncedState(this);
        StartSynchronizing();
    }

    /// <summary>Takes the unsynced charges, to send them in a call.</summary>
    public List<UnsyncedCharges.Run> TakeUnsyncedCharges() => _unsyncedCharges.TakeAll();

    /// <summary>Restores unsynced charges whose call failed.</summary>
    public void RestoreUnsyncedCharges(List<UnsyncedCharges.Run> charges) => _unsyncedCharges.Restore(charges);

    /// <summary>Marks the key as synchronized, unless there are new unsynced charges.</summary>
    public void MarkSynchronized()
    {
        if (_unsyncedCharges.HasAny)
        {
            return;
        }

        client.RemoveUnsyncedState(this);
        if (_unsyncedCharges.HasAny)
        {
            // A charge was added in between.
            client.AddUnsyncedState(this);
        }
    }

    /// <summary>Sends the unsynced charges to Redis.</summary>
    /// <returns><see langword="true"/> if none is left; otherwise, <see langword="false"/>.</returns>
    public async Task<bool> SynchronizeAsync() =>
        !_unsyncedCharges.HasAny
        || _unsyncedSubject is not { } subject
        || await client.RunAsync(new ScriptBatch(subject, client.Now));

    private void StartSynchronizing()
    {
        if (_unsyncedCharges.HasAny && !client.IsCircuitOpen && Interlocked.Exchange(ref _isSynchronizing, 1) == 0)
        {
            _ = SynchronizeInBackgroundAsync();
        }
    }

    private async Task SynchronizeInBackgroundAsync()
    {
        try
        {
            await SynchronizeAsync();
        }
        catch (Exception)
        {
            // A logger of the host may throw. The unsynced charges were restored.
        }

        Volatile.Write(ref _isSynchronizing, 0);
        StartSynchronizing();
    }
}
