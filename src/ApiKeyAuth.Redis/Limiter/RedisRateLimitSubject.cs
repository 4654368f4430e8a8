using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>What a subject is on Redis: the names of its states, its windows as the script takes them, and the lane its calls go through.</summary>
internal sealed class RedisRateLimitSubject
{
    private readonly RateLimitSubject _subject;
    private NodeShare? _nodeShare;

    public RedisRateLimitSubject(RateLimitSubject subject, StateNames names, Func<string, KeyState> getKeyState)
    {
        _subject = subject;
        var ofKey = Distinct(subject.KeyLimits);
        var ofTenant = Distinct(subject.TenantLimits);
        KeyLimitCount = ofKey.Length;
        Limits = [.. ofKey, .. ofTenant];
        LongestWindow = Limits.Max(window => window.Window);
        RedisKeys = ofTenant.Length == 0 ? [names.ForKey(subject.KeyId)]
            : ofKey.Length == 0 ? [names.ForTenant(subject.TenantId!)]
            : [names.ForKeyInTenant(subject.TenantId!, subject.KeyId), names.ForTenant(subject.TenantId!)];
        int[] counts = ofKey.Length == 0 ? [ofTenant.Length, 0] : [ofKey.Length, ofTenant.Length];
        HeaderArguments = [counts[0], counts[1], .. Limits.SelectMany(window => (RedisValue[])[(long)window.Window.TotalSeconds, window.Permits])];
        KeyState = getKeyState(string.Join('\n', RedisKeys.Select(state => (string?)state)));
    }

    public RedisKey[] RedisKeys { get; }

    /// <summary>The first arguments of the script.</summary>
    public RedisValue[] HeaderArguments { get; }

    /// <summary>The key's windows, then the tenant's.</summary>
    public RateLimit[] Limits { get; }

    /// <summary>How many of the windows are the key's.</summary>
    public int KeyLimitCount { get; }

    public TimeSpan LongestWindow { get; }

    public KeyState KeyState { get; }

    public bool HasSameLimits(RedisRateLimitSubject other) =>
        ReferenceEquals(this, other) || (KeyLimitCount == other.KeyLimitCount && Limits.AsSpan().SequenceEqual(other.Limits));

    /// <summary>The subject as one of several nodes limits it alone.</summary>
    public RateLimitSubject GetNodeShare(int nodes)
    {
        var share = _nodeShare;
        if (share?.Nodes != nodes)
        {
            share = new NodeShare(nodes, new RateLimitSubject(
                _subject.KeyId, Divide(_subject.KeyLimits, nodes), _subject.TenantId, Divide(_subject.TenantLimits, nodes)));
            _nodeShare = share;
        }

        return share.Subject;
    }

    /// <summary>Tells a decision about a share by the limit itself.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="cost">The cost it is about.</param>
    /// <param name="retryAfter">When a cost above the share, though not above the limit, is to be tried again.</param>
    public RateLimitDecision ToFullLimit(RateLimitDecision decision, long cost, TimeSpan retryAfter)
    {
        var ofSide = decision.IsTenantLimit ? Limits.AsSpan(KeyLimitCount) : Limits.AsSpan(0, KeyLimitCount);
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
