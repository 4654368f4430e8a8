using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>What a call of the script says of one key: what it owes, then who asks, with equal neighbours as one item.</summary>
internal sealed class KeyBatch(RedisRateLimitSubject subject)
{
    private const int IfAdmitted = 0;
    private const int Always = 1;
    private const int UnsyncedCharge = 2;

    // A cost above every limit is refused like any other, and the server's numbers hold it.
    private const long MaxCost = RateLimit.MaxPermits + 1;
    private const long MicrosecondTicks = TimeSpan.TicksPerMicrosecond;

    private readonly List<UnsyncedCharges.Run> _unsyncedCharges = subject.KeyState.TakeUnsyncedCharges();
    private readonly List<PendingCheck> _checks = [];
    private readonly List<Item> _items = [];
    private ReadOnlyMemory<long> _reply;

    public RedisRateLimitSubject Subject => subject;

    private bool IsSingleItem => _unsyncedCharges.Count == 0 && _items is [{ IsAlwaysCharged: false }];

    private int ReplyLength => 1 + 3 * subject.Limits.Length;

    /// <summary>Whether it is about what somebody asks for.</summary>
    public bool Matches(RedisRateLimitSubject other) => subject.KeyState == other.KeyState && subject.HasSameLimits(other);

    public void Add(PendingCheck check)
    {
        if (_items.Count > 0 && _items[^1].First.IsEquivalentTo(check))
        {
            _items[^1] = _items[^1] with { Count = _items[^1].Count + 1 };
        }
        else
        {
            _items.Add(new Item(check, _checks.Count, 1));
        }

        _checks.Add(check);
    }

    /// <summary>Writes the arguments of the script.</summary>
    public void WriteTo(List<RedisValue> arguments, long now)
    {
        arguments.Add(subject.HeaderArguments.Length + 3 * (_unsyncedCharges.Count + _items.Count));
        arguments.AddRange(subject.HeaderArguments);
        foreach (var debt in _unsyncedCharges)
        {
            arguments.AddRange([debt.Cost, UnsyncedCharge, Math.Max(0, (now - debt.End) / MicrosecondTicks)]);
        }

        foreach (var item in _items)
        {
            arguments.AddRange([GetCost(item), item.IsAlwaysCharged ? Always : IfAdmitted, item.Count]);
        }
    }

    /// <summary>Takes its part of a reply; not where it has another form.</summary>
    public bool TryReadReply(ReadOnlyMemory<long> reply)
    {
        var isShort = IsSingleItem && reply.Length == subject.Limits.Length;
        _reply = isShort ? ExpandReply(reply.Span) : reply;
        return _reply.Length == ReplyLength * _items.Count;
    }

    /// <summary>Decides for all who asked, and notes that the debts are paid.</summary>
    /// <param name="sentAt">The time they were asked for, in ticks.</param>
    /// <param name="receivedAt">The time the reply came.</param>
    public void ApplyDecisions(long sentAt, long receivedAt)
    {
        for (var index = 0; index < _items.Count; index++)
        {
            var item = _items[index];
            var admitted = GetAdmittedCount(index);
            var windows = _reply.Span.Slice(index * ReplyLength + 1, ReplyLength - 1);
            var paid = item.IsAlwaysCharged ? item.Count : admitted;
            for (var turn = 0; turn < item.Count; turn++)
            {
                var isAdmitted = turn < admitted;
                subject.KeyState.ApplyDecision(
                    _checks[item.Offset + turn], Combine(windows, isAdmitted, isAdmitted ? (paid - turn - 1) * GetCost(item) : 0), sentAt, receivedAt);
            }
        }

        if (_unsyncedCharges.Count > 0)
        {
            subject.KeyState.MarkSynchronized();
        }
    }

    /// <summary>What was charged in all, but for the debts.</summary>
    public long GetChargedCost()
    {
        long charged = 0;
        for (var index = 0; index < _items.Count; index++)
        {
            var item = _items[index];
            charged += (item.IsAlwaysCharged ? item.Count : GetAdmittedCount(index)) * GetCost(item);
        }

        return charged;
    }

    /// <summary>Gives the debts back, of which Redis has not heard.</summary>
    public void RestoreUnsyncedCharges() => subject.KeyState.RestoreUnsyncedCharges(_unsyncedCharges);

    /// <summary>Gives the whole of the answer to requests that all passed, which tells what is used in each window, and no more.</summary>
    private long[] ExpandReply(ReadOnlySpan<long> used)
    {
        var whole = new long[ReplyLength];
        whole[0] = _items[0].Count;
        for (var window = 0; window < used.Length; window++)
        {
            whole[1 + 3 * window] = used[window];
            whole[2 + 3 * window] = subject.Limits[window].Window.Ticks / MicrosecondTicks;
        }

        return whole;
    }

    /// <summary>Combines the answers of the windows.</summary>
    /// <param name="windows">For each what is used, when it is all free, and the wait.</param>
    /// <param name="isAdmitted">Whether all of them admitted.</param>
    /// <param name="laterCost">What of that use came after the request in question, in the same call.</param>
    private RateLimitDecision Combine(ReadOnlySpan<long> windows, bool isAdmitted, long laterCost)
    {
        var decision = RateLimitDecision.Unlimited;
        for (var index = 0; index < subject.Limits.Length; index++)
        {
            var (used, reset, wait) = (windows[3 * index], windows[3 * index + 1], windows[3 * index + 2]);
            var limit = subject.Limits[index];
            var of = new RateLimitDecision
            {
                IsAdmitted = isAdmitted || wait == 0,
                Limit = limit,
                Remaining = Math.Max(0, limit.Permits - (used - laterCost)),
                ResetAfter = new TimeSpan(reset * MicrosecondTicks),
                RetryAfter = !isAdmitted && wait > 0 ? new TimeSpan(wait * MicrosecondTicks) : null,
                IsTenantLimit = index >= subject.KeyLimitCount,
            };
            decision = index == 0 ? of : RateLimitDecision.Combine(decision, of);
        }

        return decision;
    }

    private long GetAdmittedCount(int index) => _reply.Span[index * ReplyLength];

    private static long GetCost(Item item) => Math.Min(item.First.Cost, MaxCost);

    private readonly record struct Item(PendingCheck First, int Offset, int Count)
    {
        public bool IsAlwaysCharged => First.Charge == RateLimitCharge.Always;
    }
}
