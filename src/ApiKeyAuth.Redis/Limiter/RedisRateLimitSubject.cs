using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Represents a subject on Redis: the keys of its states, the arguments of its limits and its state on this node.</summary>
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
        var windows = Limits.SelectMany(limit => (RedisValue[])[(long)limit.Window.TotalSeconds, limit.Permits]);
        HeaderArguments = [counts[0], counts[1], .. windows];
        KeyState = getKeyState(string.Join('\n', RedisKeys.Select(state => (string?)state)));
    }

    public RedisKey[] RedisKeys { get; }

    /// <summary>Gets the first arguments of the script: the number of limits, then each limit.</summary>
    public RedisValue[] HeaderArguments { get; }

    /// <summary>Gets the limits of the key, then the limits of the tenant.</summary>
    public RateLimit[] Limits { get; }

    /// <summary>Gets the number of limits that are the key's.</summary>
    public int KeyLimitCount { get; }

    public TimeSpan LongestWindow { get; }

    public KeyState KeyState { get; }

    public bool HasSameLimits(RedisRateLimitSubject other) =>
        ReferenceEquals(this, other) || (KeyLimitCount == other.KeyLimitCount && Limits.AsSpan().SequenceEqual(other.Limits));

    /// <summary>Gets the subject with its limits divided by the number of nodes.</summary>
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

    /// <summary>Converts a decision about a node's share to one about the full limit.</summary>
    /// <param name="decision">The decision about the share.</param>
    /// <param name="cost">The cost of the request.</param>
    /// <param name="retryAfter">The time to wait if the cost exceeds the share but not the limit.</param>
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

    // A single reference is read and written atomically; two fields are not.
    private sealed record NodeShare(int Nodes, RateLimitSubject Subject);
}
