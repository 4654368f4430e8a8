using ApiKeyAuth.Benchmarks.Reports;

namespace ApiKeyAuth.Benchmarks.Limiters;

/// <summary>The limiter in memory and over Redis, each figure beside its rival or floor in the same run.</summary>
internal static class LimiterBenchmark
{
    public static async Task<ReportTable> RunAsync() => new(
        "Limiter",
        "Medians of rounds in turns. The rival in memory is the framework's PartitionedRateLimiter with a SlidingWindowRateLimiter of 10 segments for each key; over Redis, on loopback, the floors are scripts of our own.",
        ["", "ours", "rival or floor", "beside it", "to reach"],
        [.. MemoryRounds.Run(), .. await RedisRounds.RunAsync()]);

    public static IReadOnlyList<string> Faster(string name, string unit, double ours, string rival, double theirs, string goal) =>
        [name, $"{ours:N0} {unit}", $"{rival}: {theirs:N0} {unit}", unit.StartsWith("ns", StringComparison.Ordinal) ? $"{theirs / ours:F1} × faster" : $"{ours / theirs:F2} ×", goal];

    public static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
