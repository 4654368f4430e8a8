using ApiKeyAuth.Benchmarks.Reports;

namespace ApiKeyAuth.Benchmarks.Wire;

/// <summary>The Quickstart's protected route beside its anonymous one: one process, real Kestrel, in turns.</summary>
internal sealed class WireBenchmark(int rounds)
{
    private const int Connections = 32;

    // The compiler takes its time on two cores that are busy, and shows in the longest waits.
    private const int WarmUp = 3;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);

    public async Task<ReportTable> RunAsync()
    {
        await using var quickstart = await RunningQuickstart.StartAsync();
        string[] key = ["X-API-Key: " + quickstart.Key];
        for (var turn = 0; turn < WarmUp; turn++)
        {
            await Wrk.RunAsync(quickstart.Address + "/public", Connections, Turn);
            await Wrk.RunAsync(quickstart.Address + "/protected", Connections, Turn, key);
        }

        List<Wrk> open = [], guarded = [];
        for (var round = 0; round < rounds; round++)
        {
            open.Add(await Wrk.RunAsync(quickstart.Address + "/public", Connections, Turn));
            guarded.Add(await Wrk.RunAsync(quickstart.Address + "/protected", Connections, Turn, key));
        }

        var rates = Median(open.Zip(guarded, (left, right) => right.PerSecond / left.PerSecond));
        var tails = Median(open.Zip(guarded, (left, right) => right.Milliseconds99 / left.Milliseconds99));
        return new ReportTable(
            "Over the wire",
            $"The Quickstart on Kestrel over loopback, `wrk -t1 -c{Connections}` on the same machine, {rounds} turns of {Turn.TotalSeconds} s each: `/protected` with a key, SQLite, scope, limit, headers and usage beside `/public`; medians of the turns' ratios.",
            ["", "measured", "to reach"],
            [
                ["requests a second, beside the anonymous route", $"{rates:P0}", "72 %"],
                ["99th percentile of the wait, beside the anonymous route", $"{tails:F2} ×", "1.25 ×"],
            ]);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
