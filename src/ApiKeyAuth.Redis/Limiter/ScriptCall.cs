using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>One call of the script: debts, then what is asked, with equal neighbours as one item.</summary>
internal sealed class ScriptCall
{
    private const int OnceAdmitted = 0;
    private const int Always = 1;
    private const int Debt = 2;

    // A cost above every limit is refused like any other, and the server's numbers hold it.
    private const long MostCost = RateLimit.MaxPermits + 1;
    private const long MicrosecondTicks = TimeSpan.TicksPerMicrosecond;

    private readonly SharedSubject _subject;
    private readonly List<Item> _items = [];

    public ScriptCall(SharedSubject subject, IReadOnlyList<Debts.Run> debts, long now, IReadOnlyList<Ask> asks)
    {
        _subject = subject;
        var arguments = new List<RedisValue>(subject.Head.Length + 3 * (debts.Count + 1));
        arguments.AddRange(subject.Head);
        foreach (var debt in debts)
        {
            arguments.AddRange([debt.Cost, Debt, Math.Max(0, (now - debt.End) / MicrosecondTicks)]);
        }

        for (var first = 0; first < asks.Count; first += _items[^1].Count)
        {
            var item = new Item(asks[first], first, CountLike(asks, first));
            _items.Add(item);
            arguments.AddRange([Math.Min(item.First.Cost, MostCost), item.IsAlways ? Always : OnceAdmitted, item.Count]);
        }

        Arguments = [.. arguments];
    }

    public RedisValue[] Arguments { get; }

    private bool IsOneRequest => _items is [{ Count: 1, IsAlways: false }] && Arguments.Length == _subject.Head.Length + 3;

    private int AnswerLength => 1 + 3 * _subject.Windows.Length;

    /// <summary>Gives the whole of a reply: that to one request which passed tells what is used in each window, and no more. Null where it has another form.</summary>
    public long[]? Complete(long[] reply)
    {
        if (reply.Length == AnswerLength * _items.Count)
        {
            return reply;
        }

        if (!IsOneRequest || reply.Length != _subject.Windows.Length)
        {
            return null;
        }

        var whole = new long[AnswerLength];
        whole[0] = 1;
        for (var window = 0; window < reply.Length; window++)
        {
            whole[1 + 3 * window] = reply[window];
            whole[2 + 3 * window] = _subject.Windows[window].Window.Ticks / MicrosecondTicks;
        }

        return whole;
    }

    /// <summary>Reads the whole of a reply, and tells the decision of each ask.</summary>
    /// <returns>What was charged in all.</returns>
    public long Read(long[] reply, Action<int, RateLimitDecision> decide)
    {
        long charged = 0;
        var size = AnswerLength;
        for (var index = 0; index < _items.Count; index++)
        {
            var item = _items[index];
            var admitted = reply[index * size];
            var windows = reply.AsSpan(index * size + 1, size - 1);
            var cost = Math.Min(item.First.Cost, MostCost);
            var paid = item.IsAlways ? item.Count : admitted;
            charged += paid * cost;
            for (var turn = 0; turn < item.Count; turn++)
            {
                var isAdmitted = turn < admitted;
                decide(item.Offset + turn, Decide(windows, isAdmitted, isAdmitted ? (paid - turn - 1) * cost : 0));
            }
        }

        return charged;
    }

    /// <summary>Combines the answers of the windows.</summary>
    /// <param name="windows">For each what is used, when it is all free, and the wait.</param>
    /// <param name="isAdmitted">Whether all of them admitted.</param>
    /// <param name="later">What of that use came after the request in question, in the same call.</param>
    private RateLimitDecision Decide(ReadOnlySpan<long> windows, bool isAdmitted, long later)
    {
        var decision = RateLimitDecision.Unlimited;
        for (var index = 0; index < _subject.Windows.Length; index++)
        {
            var (used, reset, wait) = (windows[3 * index], windows[3 * index + 1], windows[3 * index + 2]);
            var limit = _subject.Windows[index];
            var of = new RateLimitDecision
            {
                IsAdmitted = isAdmitted || wait == 0,
                Limit = limit,
                Remaining = Math.Max(0, limit.Permits - (used - later)),
                ResetAfter = new TimeSpan(reset * MicrosecondTicks),
                RetryAfter = !isAdmitted && wait > 0 ? new TimeSpan(wait * MicrosecondTicks) : null,
                IsTenantLimit = index >= _subject.KeyWindows,
            };
            decision = index == 0 ? of : RateLimitDecision.Stricter(decision, of);
        }

        return decision;
    }

    private static int CountLike(IReadOnlyList<Ask> asks, int first)
    {
        var count = 1;
        while (first + count < asks.Count && asks[first + count].IsLike(asks[first]))
        {
            count++;
        }

        return count;
    }

    private readonly record struct Item(Ask First, int Offset, int Count)
    {
        public bool IsAlways => First.Charge == RateLimitCharge.Always;
    }
}
