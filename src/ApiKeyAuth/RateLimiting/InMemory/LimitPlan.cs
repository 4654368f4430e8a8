using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>Limits with their windows, each length once, with its fewest permits.</summary>
/// <remarks>Plans are few and keys are many: equal limits mostly get one plan, which then stays in the CPU's cache and takes no memory for each key.</remarks>
internal sealed class LimitPlan
{
    private static readonly LimitPlan?[] RecentPlans = new LimitPlan?[64];

    private LimitPlan(RateLimit[] limits) => (Limits, Windows) = (limits.AsReadOnly(), Array.ConvertAll(limits, limit => new LimitWindow(limit)));

    public IReadOnlyList<RateLimit> Limits { get; }

    public LimitWindow[] Windows { get; }

    public static LimitPlan GetOrCreate(IReadOnlyList<RateLimit> limits)
    {
        if (limits.Any(limit => limit.Permits < 1))
        {
            throw new ArgumentException("A limit has no permits: it was never set.", nameof(limits));
        }

        RateLimit[] distinct = [.. limits.GroupBy(limit => limit.Window).Select(same => same.MinBy(limit => limit.Permits))];
        ref var recent = ref RecentPlans[(uint)distinct.Aggregate(0, HashCode.Combine) % RecentPlans.Length];
        var plan = Volatile.Read(ref recent);
        if (plan is null || !plan.Limits.SequenceEqual(distinct))
        {
            plan = new LimitPlan(distinct);
            Volatile.Write(ref recent, plan);
        }

        return plan;
    }
}
