using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Represents one call of the script for one or several keys.</summary>
internal sealed class ScriptBatch
{
    private readonly List<KeyBatch> _keyBatches = [];
    private readonly long _sentAt;

    /// <summary>Creates a batch of pending checks, with the unsynced charges of their keys.</summary>
    /// <param name="checks">The checks. The first one has waited for the longest time.</param>
    /// <param name="now">The current time, in ticks.</param>
    /// <param name="runningTime">The running time of this process, in ticks, by which the wait is measured.</param>
    public ScriptBatch(List<PendingCheck> checks, long now, long runningTime)
    {
        _sentAt = now;
        WaitedTicks = runningTime - checks[0].WaitingSince;
        foreach (var check in checks)
        {
            GetOrAddKeyBatch(check.Subject).Add(check);
        }
    }

    /// <summary>Creates a batch with the unsynced charges of one key.</summary>
    public ScriptBatch(RedisRateLimitSubject unsyncedSubject, long now)
    {
        _sentAt = now;
        GetOrAddKeyBatch(unsyncedSubject);
    }

    /// <summary>Gets how long the first check has waited, in ticks.</summary>
    public long WaitedTicks { get; }

    public IReadOnlyList<KeyBatch> KeyBatches => _keyBatches;

    /// <summary>Creates the keys and arguments of the script.</summary>
    public (RedisKey[] States, RedisValue[] Arguments) CreateArguments()
    {
        var arguments = new List<RedisValue>(_keyBatches.Count * 8);
        foreach (var keyBatch in _keyBatches)
        {
            keyBatch.WriteTo(arguments, _sentAt);
        }

        RedisKey[] states = _keyBatches.Count == 1
            ? _keyBatches[0].Subject.RedisKeys
            : [.. _keyBatches.SelectMany(keyBatch => keyBatch.Subject.RedisKeys)];
        return (states, [.. arguments]);
    }

    /// <summary>Reads a reply. Returns <see langword="false"/> if it has another format.</summary>
    public bool TryReadReply(long[] reply)
    {
        var at = 0;
        foreach (var keyBatch in _keyBatches)
        {
            if (at >= reply.Length
                || reply[at] < 0
                || reply[at] >= reply.Length - at
                || !keyBatch.TryReadReply(reply.AsMemory(at + 1, (int)reply[at])))
            {
                return false;
            }

            at += 1 + (int)reply[at];
        }

        return at == reply.Length;
    }

    /// <summary>Applies the decisions of the reply to the checks.</summary>
    /// <param name="receivedAt">The time at which the reply was received, in ticks.</param>
    public void ApplyDecisions(long receivedAt) => _keyBatches.ForEach(keyBatch => keyBatch.ApplyDecisions(_sentAt, receivedAt));

    /// <summary>Restores the unsynced charges of all keys after a failed call.</summary>
    public void RestoreUnsyncedCharges() => _keyBatches.ForEach(static keyBatch => keyBatch.RestoreUnsyncedCharges());

    // Searched from the end, because consecutive checks are often for one key. A batch is small enough for a linear search.
    private KeyBatch GetOrAddKeyBatch(RedisRateLimitSubject subject)
    {
        for (var index = _keyBatches.Count - 1; index >= 0; index--)
        {
            if (_keyBatches[index].Matches(subject))
            {
                return _keyBatches[index];
            }
        }

        var added = new KeyBatch(subject);
        _keyBatches.Add(added);
        return added;
    }
}
