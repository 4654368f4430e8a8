using System.Diagnostics;
using System.Security.Cryptography;
using ApiKeyAuth.Benchmarks.Reports;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>Measures whole requests in one process, in rounds of about 100 ms in shuffled order.</summary>
internal sealed class RequestBenchmark(int rounds)
{
    private const int Warm = 100_000;
    private const int Stored = 1_000_000;
    private const int WarmUp = 60_000;

    public async Task<ReportTable[]> RunAsync()
    {
        var one = await KeyApp.StartAsync(1);
        var many = await KeyApp.StartAsync(Warm, Stored);
        var before = Resident();
        var manyKeys = new Variant(RequestVariants.Many, many.Server, 200, "X-API-Key", many.Keys);
        manyKeys.Send(Warm);
        var bytesPerKey = (Resident() - before) / Warm;

        List<Variant> variants =
            [.. await RequestVariants.OfOneKeyAsync(one), manyKeys, .. await RequestVariants.OfOthersAsync(one.Keys[0])];
        foreach (var variant in variants)
        {
            variant.Send(Math.Max(WarmUp, variant.Values.Length));
        }

        var results = Measure(variants);
        return [Requests(results), Million(results, bytesPerKey)];
    }

    private static long Resident()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    private Dictionary<string, Measurement> Measure(List<Variant> variants)
    {
        var results = variants.ToDictionary(variant => variant.Name, _ => new Measurement());
        for (var round = 0; round < rounds; round++)
        {
            var order = variants.ToArray();
            RandomNumberGenerator.Shuffle<Variant>(order);
            foreach (var variant in order)
            {
                var requests = 0;
                var bytes = GC.GetAllocatedBytesForCurrentThread();
                var started = Stopwatch.GetTimestamp();
                do
                {
                    variant.Send(1000);
                    requests += 1000;
                }
                while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromMilliseconds(100));
                var nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds / requests;
                results[variant.Name].Add(nanoseconds, (GC.GetAllocatedBytesForCurrentThread() - bytes) / requests);
            }
        }

        return results;
    }

    private ReportTable Requests(Dictionary<string, Measurement> results)
    {
        var anonymous = results[RequestVariants.Anonymous];
        Measurement[] baselines = [anonymous, results[RequestVariants.Floor]];
        return new ReportTable(
            "Whole requests",
            "In process, without sockets, in addition to a route without authentication. Medians of "
            + $"{rounds} rounds in shuffled order, each relative to the floor of its round. The floor is the minimum that ASP.NET Core's "
            + "authentication and authorization take.",
            ["request", "times the floor", "bytes"],
            [.. results.Where(result => result.Key != RequestVariants.Anonymous)
                .OrderBy(result => GetGroup(result.Key))
                .Select(result => (IReadOnlyList<string>)
                [
                    result.Key,
                    $"{result.Value.Median(baselines, static (own, others) => (own - others[0]) / (others[1] - others[0])):F2}",
                    $"{result.Value.Bytes - anonymous.Bytes:N0}",
                ])]);
    }

    private static int GetGroup(string name) =>
        name.Contains("ApiKeyAuth", StringComparison.Ordinal) ? 0
            : name == RequestVariants.Floor ? 1
            : name.StartsWith(RequestVariants.Rejected, StringComparison.Ordinal) || name == RequestVariants.Accepted ? 3
            : 2;

    private static ReportTable Million(Dictionary<string, Measurement> results, long bytesPerKey)
    {
        var ratio = results[RequestVariants.Many].Median([results[RequestVariants.Everything]], static (own, others) => own / others[0]);
        return new ReportTable(
            "A million keys",
            "1,000,000 keys in the store, of which 100,000 are warm. Each request uses another warm key. The memory is the resident memory "
            + "of the process before and after the keys were warmed.",
            ["", "measured", "goal"],
            [
                ["time of a whole request, relative to one warm key", $"{ratio:F2} ×", "1.4 ×"],
                ["resident memory per warm key, with its limiter and counters", $"{bytesPerKey:N0} B", "1,200 B"],
            ]);
    }
}
