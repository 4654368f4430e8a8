using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>One call of the script, about one key or several.</summary>
internal sealed class ScriptBatch
{
    private readonly List<KeyBatch> _keyBatches = [];
    private readonly long _sentAt;

    /// <summary>Asks for all who wait, and tells what their keys owe.</summary>
    /// <param name="checks">Who wait, the first of them for the longest.</param>
    /// <param name="now">The time, in ticks.</param>
    /// <param name="runningTime">The time this process has run, in ticks, from which the wait is counted.</param>
    public ScriptBatch(List<PendingCheck> checks, long now, long runningTime)
    {
        _sentAt = now;
        WaitedTicks = runningTime - checks[0].WaitingSince;
        foreach (var ask in checks)
        {
            GetOrAddKeyBatch(ask.Subject).Add(ask);
        }
    }

    /// <summary>Tells what a key owes.</summary>
    public ScriptBatch(RedisRateLimitSubject unsyncedSubject, long now)
    {
        _sentAt = now;
        GetOrAddKeyBatch(unsyncedSubject);
    }

    /// <summary>How many ticks the first of those who ask has waited.</summary>
    public long WaitedTicks { get; }

    public IReadOnlyList<KeyBatch> KeyBatches => _keyBatches;

    /// <summary>What the script is called with.</summary>
    public (RedisKey[] States, RedisValue[] Arguments) CreateArguments()
    {
        var arguments = new List<RedisValue>(_keyBatches.Count * 8);
        foreach (var part in _keyBatches)
        {
            part.WriteTo(arguments, _sentAt);
        }

        return (_keyBatches.Count == 1 ? _keyBatches[0].Subject.RedisKeys : [.. _keyBatches.SelectMany(part => part.Subject.RedisKeys)], [.. arguments]);
    }

    /// <summary>Takes a reply; nothing of it where it has another form.</summary>
    public bool TryReadReply(long[] reply)
    {
        var at = 0;
        foreach (var part in _keyBatches)
        {
            if (at >= reply.Length || reply[at] < 0 || reply[at] >= reply.Length - at || !part.TryReadReply(reply.AsMemory(at + 1, (int)reply[at])))
            {
                return false;
            }

            at += 1 + (int)reply[at];
        }

        return at == reply.Length;
    }

    /// <summary>Decides for all who ask, by the reply that was taken.</summary>
    /// <param name="receivedAt">When it came, in ticks.</param>
    public void ApplyDecisions(long receivedAt) => _keyBatches.ForEach(part => part.ApplyDecisions(_sentAt, receivedAt));

    /// <summary>Gives what could not be told back to those who owe it.</summary>
    public void RestoreUnsyncedCharges() => _keyBatches.ForEach(static part => part.RestoreUnsyncedCharges());

    // From the end, because most who follow each other ask for one key. A call is about few enough to look through.
    private KeyBatch GetOrAddKeyBatch(RedisRateLimitSubject subject)
    {
        for (var index = _keyBatches.Count - 1; index >= 0; index--)
        {
            if (_keyBatches[index].Matches(subject))
            {
                return _keyBatches[index];
            }
        }

        var part = new KeyBatch(subject);
        _keyBatches.Add(part);
        return part;
    }
}
