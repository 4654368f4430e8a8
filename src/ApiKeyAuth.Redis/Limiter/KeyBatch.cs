using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>
/// Represents the part of a script call for one key: its unsynced charges, then its pending checks. Equal consecutive checks are one item.
/// </summary>
internal sealed class KeyBatch(RedisRateLimitSubject subject)
{
    private const int IfAdmitted = 0;
    private const int Always = 1;
    private const int UnsyncedCharge = 2;

    // Larger costs are rejected the same way, and this one fits into the server's numbers.
    private const long MaxCost = RateLimit.MaxPermits + 1;
    private const long MicrosecondTicks = TimeSpan.TicksPerMicrosecond;

    private readonly List<UnsyncedCharges.Run> _unsyncedCharges = subject.KeyState.TakeUnsyncedCharges();
    private readonly List<PendingCheck> _checks = [];
    private readonly List<Item> _items = [];
    private ReadOnlyMemory<long> _reply;

    public RedisRateLimitSubject Subject => subject;

    private bool IsSingleItem => _unsyncedCharges.Count == 0 && _items is [{ IsAlwaysCharged: false }];

    private int ReplyLength => 1 + 3 * subject.Limits.Length;

    /// <summary>Determines whether a check of the subject belongs to this batch.</summary>
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
        foreach (var run in _unsyncedCharges)
        {
            arguments.AddRange([run.Cost, UnsyncedCharge, Math.Max(0, (now - run.End) / MicrosecondTicks)]);
        }

        foreach (var item in _items)
        {
            arguments.AddRange([GetCost(item), item.IsAlwaysCharged ? Always : IfAdmitted, item.Count]);
        }
    }

    /// <summary>Reads this key's part of a reply. Returns <see langword="false"/> if the reply has another format.</summary>
    public bool TryReadReply(ReadOnlyMemory<long> reply)
    {
        var isShort = IsSingleItem && reply.Length == subject.Limits.Length;
        _reply = isShort ? ExpandReply(reply.Span) : reply;
        return _reply.Length == ReplyLength * _items.Count;
    }

    /// <summary>Applies the decisions to the pending checks, and marks the unsynced charges as synchronized.</summary>
    /// <param name="sentAt">The time at which the call was sent, in ticks.</param>
    /// <param name="receivedAt">The time at which the reply was received, in ticks.</param>
    public void ApplyDecisions(long sentAt, long receivedAt)
    {
        for (var index = 0; index < _items.Count; index++)
        {
            var item = _items[index];
            var admitted = GetAdmittedCount(index);
            var windows = _reply.Span.Slice(index * ReplyLength + 1, ReplyLength - 1);
            var charged = item.IsAlwaysCharged ? item.Count : admitted;
            for (var turn = 0; turn < item.Count; turn++)
            {
                var isAdmitted = turn < admitted;
                var laterCost = isAdmitted ? (charged - turn - 1) * GetCost(item) : 0;
                subject.KeyState.ApplyDecision(
                    _checks[item.Offset + turn], Combine(windows, isAdmitted, laterCost), sentAt, receivedAt);
            }
        }

        if (_unsyncedCharges.Count > 0)
        {
            subject.KeyState.MarkSynchronized();
        }
    }

    /// <summary>Gets the total cost that was charged for the checks.</summary>
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

    /// <summary>Restores the unsynced charges after a failed call.</summary>
    public void RestoreUnsyncedCharges() => subject.KeyState.RestoreUnsyncedCharges(_unsyncedCharges);

    /// <summary>Expands a short reply, which holds only the usage of each window because all requests were admitted.</summary>
    private long[] ExpandReply(ReadOnlySpan<long> used)
    {
        var expanded = new long[ReplyLength];
        expanded[0] = _items[0].Count;
        for (var window = 0; window < used.Length; window++)
        {
            expanded[1 + 3 * window] = used[window];
            expanded[2 + 3 * window] = subject.Limits[window].Window.Ticks / MicrosecondTicks;
        }

        return expanded;
    }

    /// <summary>Combines the decisions of the windows.</summary>
    /// <param name="windows">For each window its usage, the time until all of it is free, and the time to wait.</param>
    /// <param name="isAdmitted">Whether all windows admitted the request.</param>
    /// <param name="laterCost">The part of the usage that was charged after this request, in the same call.</param>
    private RateLimitDecision Combine(ReadOnlySpan<long> windows, bool isAdmitted, long laterCost)
    {
        var decision = RateLimitDecision.Unlimited;
        for (var index = 0; index < subject.Limits.Length; index++)
        {
            var (used, reset, wait) = (windows[3 * index], windows[3 * index + 1], windows[3 * index + 2]);
            var limit = subject.Limits[index];
            var ofWindow = new RateLimitDecision
            {
                IsAdmitted = isAdmitted || wait == 0,
                Limit = limit,
                Remaining = Math.Max(0, limit.Permits - (used - laterCost)),
                ResetAfter = new TimeSpan(reset * MicrosecondTicks),
                RetryAfter = !isAdmitted && wait > 0 ? new TimeSpan(wait * MicrosecondTicks) : null,
                IsTenantLimit = index >= subject.KeyLimitCount,
            };
            decision = index == 0 ? ofWindow : RateLimitDecision.Combine(decision, ofWindow);
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
