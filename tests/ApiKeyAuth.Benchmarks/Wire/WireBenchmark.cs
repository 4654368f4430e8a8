using ApiKeyAuth.Benchmarks.Reports;

namespace ApiKeyAuth.Benchmarks.Wire;

/// <summary>Compares the Quickstart's protected route with its anonymous one, on Kestrel, in alternating rounds.</summary>
internal sealed class WireBenchmark(int rounds)
{
    private const int Connections = 32;

    // On two busy cores, the JIT compiler would affect the longest response times.
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

        List<Wrk> anonymous = [], authenticated = [];
        for (var round = 0; round < rounds; round++)
        {
            anonymous.Add(await Wrk.RunAsync(quickstart.Address + "/public", Connections, Turn));
            authenticated.Add(await Wrk.RunAsync(quickstart.Address + "/protected", Connections, Turn, key));
        }

        var rates = Median(anonymous.Zip(authenticated, (left, right) => right.PerSecond / left.PerSecond));
        var tails = Median(anonymous.Zip(authenticated, (left, right) => right.Milliseconds99 / left.Milliseconds99));
        return new ReportTable(
            "Over the wire",
            $"The Quickstart on Kestrel over loopback, with `wrk -t1 -c{Connections}` on the same machine, {rounds} rounds of "
            + $"{Turn.TotalSeconds} s each: `/protected` with a key, SQLite, scope, limit, headers and usage, compared with `/public`. "
            + "Medians of the ratios.",
            ["", "measured", "goal"],
            [
                ["requests per second, relative to the anonymous route", $"{rates:P0}", "72 %"],
                ["99th percentile of the response time, relative to the anonymous route", $"{tails:F2} ×", "1.25 ×"],
            ]);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
