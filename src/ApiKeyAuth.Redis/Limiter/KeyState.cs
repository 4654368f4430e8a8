using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>What a node has to say of one key: a refusal that stands, what Redis is still to hear of, and the way to it.</summary>
internal sealed class KeyState(LimiterClient client)
{
    private readonly UnsyncedCharges _unsyncedCharges = new();
    private RedisRateLimitSubject? _unsyncedSubject;
    private volatile CachedRejection? _cachedRejection;
    private CheckBatcher? _ownBatcher;
    private int _isSynchronizing;

    /// <summary>Whether another lane in its place would do as well.</summary>
    public bool IsIdle(long now) => !_unsyncedCharges.HasAny && _cachedRejection?.IsValid(now) != true;

    /// <summary>Repeats a refusal that still stands.</summary>
    public bool TryGetCachedRejection(RedisRateLimitSubject subject, long cost, long now, out RateLimitDecision rejection)
    {
        rejection = default;
        return _cachedRejection?.TryRepeat(subject, cost, now, out rejection) == true;
    }

    /// <summary>Sends an ask, with those of other keys where the server takes them together.</summary>
    public void Enqueue(PendingCheck check) => (client.SharedBatcher ?? LazyInitializer.EnsureInitialized(ref _ownBatcher, () => new CheckBatcher(client))).Enqueue(check);

    /// <summary>Decides for one who asked, and keeps a refusal.</summary>
    public void ApplyDecision(PendingCheck check, RateLimitDecision decision, long sentAt, long receivedAt)
    {
        if (decision is { IsAdmitted: false, RetryAfter: not null })
        {
            _cachedRejection = new CachedRejection(check.Subject, check.Cost, decision, sentAt, receivedAt);
        }

        check.SetDecision(decision);
    }

    /// <summary>Notes what was let pass without Redis, which hears of it with the next call.</summary>
    public void AddUnsyncedCharge(RedisRateLimitSubject subject, long cost, long now)
    {
        _unsyncedSubject = subject;
        _unsyncedCharges.Add(now, cost, subject.LongestWindow.Ticks);
        client.AddUnsyncedState(this);
        StartSynchronizing();
    }

    /// <summary>Takes what Redis is to hear of, for a call.</summary>
    public List<UnsyncedCharges.Run> TakeUnsyncedCharges() => _unsyncedCharges.TakeAll();

    /// <summary>Takes back what a call could not tell.</summary>
    public void RestoreUnsyncedCharges(List<UnsyncedCharges.Run> charges) => _unsyncedCharges.Restore(charges);

    /// <summary>Notes that a call told it.</summary>
    public void MarkSynchronized()
    {
        if (_unsyncedCharges.HasAny)
        {
            return;
        }

        client.RemoveUnsyncedState(this);
        if (_unsyncedCharges.HasAny)
        {
            // Somebody owed again in between.
            client.AddUnsyncedState(this);
        }
    }

    /// <summary>Tells Redis what it has not heard of.</summary>
    /// <returns>Whether it has heard of all.</returns>
    public async Task<bool> SynchronizeAsync() => !_unsyncedCharges.HasAny || _unsyncedSubject is not { } debtor || await client.RunAsync(new ScriptBatch(debtor, client.Now));

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
            // As for who waits: a host's log may throw. What is owed was put back.
        }

        Volatile.Write(ref _isSynchronizing, 0);
        StartSynchronizing();
    }
}
