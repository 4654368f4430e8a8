using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>What a call of the script says of one key: what it owes, then who asks, with equal neighbours as one item.</summary>
internal sealed class CallPart(SharedSubject subject)
{
    private const int OnceAdmitted = 0;
    private const int Always = 1;
    private const int Debt = 2;

    // A cost above every limit is refused like any other, and the server's numbers hold it.
    private const long MostCost = RateLimit.MaxPermits + 1;
    private const long MicrosecondTicks = TimeSpan.TicksPerMicrosecond;

    private readonly List<Debts.Run> _debts = subject.Lane.TakeDebts();
    private readonly List<Ask> _asks = [];
    private readonly List<Item> _items = [];
    private ReadOnlyMemory<long> _reply;

    public SharedSubject Subject => subject;

    private bool IsOneItem => _debts.Count == 0 && _items is [{ IsAlways: false }];

    private int AnswerLength => 1 + 3 * subject.Windows.Length;

    /// <summary>Whether it is about what somebody asks for.</summary>
    public bool IsOf(SharedSubject other) => subject.Lane == other.Lane && subject.HasSameWindows(other);

    public void Add(Ask ask)
    {
        if (_items.Count > 0 && _items[^1].First.IsLike(ask))
        {
            _items[^1] = _items[^1] with { Count = _items[^1].Count + 1 };
        }
        else
        {
            _items.Add(new Item(ask, _asks.Count, 1));
        }

        _asks.Add(ask);
    }

    /// <summary>Writes the arguments of the script.</summary>
    public void WriteTo(List<RedisValue> arguments, long now)
    {
        arguments.Add(subject.Head.Length + 3 * (_debts.Count + _items.Count));
        arguments.AddRange(subject.Head);
        foreach (var debt in _debts)
        {
            arguments.AddRange([debt.Cost, Debt, Math.Max(0, (now - debt.End) / MicrosecondTicks)]);
        }

        foreach (var item in _items)
        {
            arguments.AddRange([CostOf(item), item.IsAlways ? Always : OnceAdmitted, item.Count]);
        }
    }

    /// <summary>Takes its part of a reply; not where it has another form.</summary>
    public bool TryTake(ReadOnlyMemory<long> reply)
    {
        var isShort = IsOneItem && reply.Length == subject.Windows.Length;
        _reply = isShort ? Complete(reply.Span) : reply;
        return _reply.Length == AnswerLength * _items.Count;
    }

    /// <summary>Decides for all who asked, and notes that the debts are paid.</summary>
    /// <param name="asked">The time they were asked for, in ticks.</param>
    /// <param name="came">The time the reply came.</param>
    public void Decide(long asked, long came)
    {
        for (var index = 0; index < _items.Count; index++)
        {
            var item = _items[index];
            var admitted = AdmittedOf(index);
            var windows = _reply.Span.Slice(index * AnswerLength + 1, AnswerLength - 1);
            var paid = item.IsAlways ? item.Count : admitted;
            for (var turn = 0; turn < item.Count; turn++)
            {
                var isAdmitted = turn < admitted;
                subject.Lane.Decide(
                    _asks[item.Offset + turn], Combine(windows, isAdmitted, isAdmitted ? (paid - turn - 1) * CostOf(item) : 0), asked, came);
            }
        }

        if (_debts.Count > 0)
        {
            subject.Lane.NotePaid();
        }
    }

    /// <summary>What was charged in all, but for the debts.</summary>
    public long Charged()
    {
        long charged = 0;
        for (var index = 0; index < _items.Count; index++)
        {
            var item = _items[index];
            charged += (item.IsAlways ? item.Count : AdmittedOf(index)) * CostOf(item);
        }

        return charged;
    }

    /// <summary>Gives the debts back, of which Redis has not heard.</summary>
    public void PutBack() => subject.Lane.PutBack(_debts);

    /// <summary>Gives the whole of the answer to requests that all passed, which tells what is used in each window, and no more.</summary>
    private long[] Complete(ReadOnlySpan<long> used)
    {
        var whole = new long[AnswerLength];
        whole[0] = _items[0].Count;
        for (var window = 0; window < used.Length; window++)
        {
            whole[1 + 3 * window] = used[window];
            whole[2 + 3 * window] = subject.Windows[window].Window.Ticks / MicrosecondTicks;
        }

        return whole;
    }

    /// <summary>Combines the answers of the windows.</summary>
    /// <param name="windows">For each what is used, when it is all free, and the wait.</param>
    /// <param name="isAdmitted">Whether all of them admitted.</param>
    /// <param name="later">What of that use came after the request in question, in the same call.</param>
    private RateLimitDecision Combine(ReadOnlySpan<long> windows, bool isAdmitted, long later)
    {
        var decision = RateLimitDecision.Unlimited;
        for (var index = 0; index < subject.Windows.Length; index++)
        {
            var (used, reset, wait) = (windows[3 * index], windows[3 * index + 1], windows[3 * index + 2]);
            var limit = subject.Windows[index];
            var of = new RateLimitDecision
            {
                IsAdmitted = isAdmitted || wait == 0,
                Limit = limit,
                Remaining = Math.Max(0, limit.Permits - (used - later)),
                ResetAfter = new TimeSpan(reset * MicrosecondTicks),
                RetryAfter = !isAdmitted && wait > 0 ? new TimeSpan(wait * MicrosecondTicks) : null,
                IsTenantLimit = index >= subject.KeyWindows,
            };
            decision = index == 0 ? of : RateLimitDecision.Stricter(decision, of);
        }

        return decision;
    }

    private long AdmittedOf(int index) => _reply.Span[index * AnswerLength];

    private static long CostOf(Item item) => Math.Min(item.First.Cost, MostCost);

    private readonly record struct Item(Ask First, int Offset, int Count)
    {
        public bool IsAlways => First.Charge == RateLimitCharge.Always;
    }
}
