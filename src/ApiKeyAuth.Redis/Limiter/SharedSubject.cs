using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>What a subject is on Redis: the names of its states, its windows as the script takes them, and the lane its calls go through.</summary>
internal sealed class SharedSubject
{
    private readonly RateLimitSubject _subject;
    private NodeShare? _share;

    public SharedSubject(RateLimitSubject subject, StateNames names, Func<string, Lane> findLane)
    {
        _subject = subject;
        var ofKey = Distinct(subject.KeyLimits);
        var ofTenant = Distinct(subject.TenantLimits);
        KeyWindows = ofKey.Length;
        Windows = [.. ofKey, .. ofTenant];
        Longest = Windows.Max(window => window.Window);
        States = ofTenant.Length == 0 ? [names.OfKey(subject.KeyId)]
            : ofKey.Length == 0 ? [names.OfTenant(subject.TenantId!)]
            : [names.OfKeyInTenant(subject.TenantId!, subject.KeyId), names.OfTenant(subject.TenantId!)];
        int[] counts = ofKey.Length == 0 ? [ofTenant.Length, 0] : [ofKey.Length, ofTenant.Length];
        Head = [counts[0], counts[1], .. Windows.SelectMany(window => (RedisValue[])[(long)window.Window.TotalSeconds, window.Permits])];
        Lane = findLane(string.Join('\n', States.Select(state => (string?)state)));
    }

    public RedisKey[] States { get; }

    /// <summary>The first arguments of the script.</summary>
    public RedisValue[] Head { get; }

    /// <summary>The key's windows, then the tenant's.</summary>
    public RateLimit[] Windows { get; }

    /// <summary>How many of the windows are the key's.</summary>
    public int KeyWindows { get; }

    public TimeSpan Longest { get; }

    public Lane Lane { get; }

    public bool HasSameWindows(SharedSubject other) =>
        ReferenceEquals(this, other) || (KeyWindows == other.KeyWindows && Windows.AsSpan().SequenceEqual(other.Windows));

    /// <summary>The subject as one of several nodes limits it alone.</summary>
    public RateLimitSubject Share(int nodes)
    {
        var share = _share;
        if (share?.Nodes != nodes)
        {
            share = new NodeShare(nodes, new RateLimitSubject(
                _subject.KeyId, Divide(_subject.KeyLimits, nodes), _subject.TenantId, Divide(_subject.TenantLimits, nodes)));
            _share = share;
        }

        return share.Subject;
    }

    /// <summary>Tells a decision about a share by the limit itself.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="cost">The cost it is about.</param>
    /// <param name="retryAfter">When a cost above the share, though not above the limit, is to be tried again.</param>
    public RateLimitDecision AsWhole(RateLimitDecision decision, long cost, TimeSpan retryAfter)
    {
        var ofSide = decision.IsTenantLimit ? Windows.AsSpan(KeyWindows) : Windows.AsSpan(0, KeyWindows);
        foreach (var limit in ofSide)
        {
            if (limit.Window == decision.Limit.Window)
            {
                var mayPass = !decision.IsAdmitted && decision.RetryAfter is null && cost <= limit.Permits;
                return decision with { Limit = limit, RetryAfter = mayPass ? retryAfter : decision.RetryAfter };
            }
        }

        return decision;
    }

    private static RateLimit[] Distinct(IReadOnlyList<RateLimit> limits) =>
        [.. limits.GroupBy(limit => limit.Window).Select(same => same.MinBy(limit => limit.Permits))];

    private static RateLimit[] Divide(IReadOnlyList<RateLimit> limits, int nodes) =>
        [.. limits.Select(limit => new RateLimit(Math.Max(1, limit.Permits / nodes), limit.Window))];

    // One reference, because a pair of fields could be read half changed.
    private sealed record NodeShare(int Nodes, RateLimitSubject Subject);
}
