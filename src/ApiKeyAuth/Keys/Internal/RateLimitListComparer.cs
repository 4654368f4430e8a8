namespace ApiKeyAuth.Keys.Internal;

/// <summary>Orders lists of rate limits by the requests they admit in the long run, then by the permits of the longest window.</summary>
internal sealed class RateLimitListComparer : IComparer<IReadOnlyList<RateLimit>>
{
    private RateLimitListComparer()
    {
    }

    public static RateLimitListComparer Instance { get; } = new();

    public int Compare(IReadOnlyList<RateLimit>? x, IReadOnlyList<RateLimit>? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var rate = CompareRates(GetSlowest(x), GetSlowest(y));
        return rate != 0 ? rate : GetLongest(x).Permits.CompareTo(GetLongest(y).Permits);
    }

    private static RateLimit GetSlowest(IReadOnlyList<RateLimit> limits) =>
        limits.Aggregate((slowest, limit) => CompareRates(limit, slowest) < 0 ? limit : slowest);

    private static RateLimit GetLongest(IReadOnlyList<RateLimit> limits) => limits.MaxBy(limit => limit.Window);

    // Exact, because it multiplies crosswise: 4e9 permits times 3.2e7 seconds is far below 2^63.
    private static int CompareRates(RateLimit left, RateLimit right) =>
        (left.Permits * (long)right.Window.TotalSeconds).CompareTo(right.Permits * (long)left.Window.TotalSeconds);
}
