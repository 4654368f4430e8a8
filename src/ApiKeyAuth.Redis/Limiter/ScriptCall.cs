using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>One call of the script, about one key or several.</summary>
internal sealed class ScriptCall
{
    private readonly List<CallPart> _parts = [];
    private readonly long _asked;

    /// <summary>Asks for all who wait, and tells what their keys owe.</summary>
    /// <param name="asks">Who wait, the first of them for the longest.</param>
    /// <param name="now">The time, in ticks.</param>
    /// <param name="running">The time this process has run, in ticks, from which the wait is counted.</param>
    public ScriptCall(List<Ask> asks, long now, long running)
    {
        _asked = now;
        Waited = running - asks[0].Since;
        foreach (var ask in asks)
        {
            PartOf(ask.Subject).Add(ask);
        }
    }

    /// <summary>Tells what a key owes.</summary>
    public ScriptCall(SharedSubject debtor, long now)
    {
        _asked = now;
        PartOf(debtor);
    }

    /// <summary>How many ticks the first of those who ask has waited.</summary>
    public long Waited { get; }

    public IReadOnlyList<CallPart> Parts => _parts;

    /// <summary>What the script is called with.</summary>
    public (RedisKey[] States, RedisValue[] Arguments) Write()
    {
        var arguments = new List<RedisValue>(_parts.Count * 8);
        foreach (var part in _parts)
        {
            part.WriteTo(arguments, _asked);
        }

        return (_parts.Count == 1 ? _parts[0].Subject.States : [.. _parts.SelectMany(part => part.Subject.States)], [.. arguments]);
    }

    /// <summary>Takes a reply; nothing of it where it has another form.</summary>
    public bool TryTake(long[] reply)
    {
        var at = 0;
        foreach (var part in _parts)
        {
            if (at >= reply.Length || reply[at] < 0 || reply[at] >= reply.Length - at || !part.TryTake(reply.AsMemory(at + 1, (int)reply[at])))
            {
                return false;
            }

            at += 1 + (int)reply[at];
        }

        return at == reply.Length;
    }

    /// <summary>Decides for all who ask, by the reply that was taken.</summary>
    /// <param name="came">When it came, in ticks.</param>
    public void Decide(long came) => _parts.ForEach(part => part.Decide(_asked, came));

    /// <summary>Gives what could not be told back to those who owe it.</summary>
    public void PutBack() => _parts.ForEach(static part => part.PutBack());

    // From the end, because most who follow each other ask for one key. A call is about few enough to look through.
    private CallPart PartOf(SharedSubject subject)
    {
        for (var index = _parts.Count - 1; index >= 0; index--)
        {
            if (_parts[index].IsOf(subject))
            {
                return _parts[index];
            }
        }

        var part = new CallPart(subject);
        _parts.Add(part);
        return part;
    }
}
