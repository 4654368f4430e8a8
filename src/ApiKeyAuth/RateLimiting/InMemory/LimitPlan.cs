using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>Represents limits with their windows. Each window length occurs once, with the smallest number of permits.</summary>
/// <remarks>Keys with equal limits usually share one plan, which saves memory and stays in the CPU's cache.</remarks>
internal sealed class LimitPlan
{
    private static readonly LimitPlan?[] RecentPlans = new LimitPlan?[64];

    private LimitPlan(RateLimit[] limits) =>
        (Limits, Windows) = (limits.AsReadOnly(), Array.ConvertAll(limits, limit => new LimitWindow(limit)));

    public IReadOnlyList<RateLimit> Limits { get; }

    public LimitWindow[] Windows { get; }

    public static LimitPlan GetOrCreate(IReadOnlyList<RateLimit> limits)
    {
        if (limits.Any(limit => limit.Permits < 1))
        {
            throw new ArgumentException("A limit has no permits; default(RateLimit) is not a valid limit.", nameof(limits));
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
