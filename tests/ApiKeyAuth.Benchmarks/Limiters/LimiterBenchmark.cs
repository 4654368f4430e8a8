using ApiKeyAuth.Benchmarks.Reports;

namespace ApiKeyAuth.Benchmarks.Limiters;

/// <summary>Compares the limiter in memory and over Redis with baselines in the same run.</summary>
internal static class LimiterBenchmark
{
    public static async Task<ReportTable> RunAsync() => new(
        "Limiter",
        "Medians of alternating rounds. The baseline in memory is the framework's PartitionedRateLimiter with a SlidingWindowRateLimiter "
        + "of 10 segments per key. The baselines over Redis, on loopback, are minimal scripts.",
        ["", "ApiKeyAuth", "baseline", "ratio", "goal"],
        [.. MemoryRounds.Run(), .. await RedisRounds.RunAsync()]);

    public static IReadOnlyList<string> Row(string name, string unit, double ours, string baselineName, double baseline, string goal)
    {
        var ratio = unit.StartsWith("ns", StringComparison.Ordinal) ? $"{baseline / ours:F1} × as fast" : $"{ours / baseline:F2} ×";
        return [name, $"{ours:N0} {unit}", $"{baselineName}: {baseline:N0} {unit}", ratio, goal];
    }

    public static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
