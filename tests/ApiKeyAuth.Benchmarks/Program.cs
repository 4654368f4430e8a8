using System.Diagnostics;
using ApiKeyAuth.Benchmarks.Limiters;
using ApiKeyAuth.Benchmarks.Native;
using ApiKeyAuth.Benchmarks.Parts;
using ApiKeyAuth.Benchmarks.Reports;
using ApiKeyAuth.Benchmarks.Requests;
using ApiKeyAuth.Benchmarks.Stores;
using ApiKeyAuth.Benchmarks.Wire;

// dotnet run -c Release --project tests/ApiKeyAuth.Benchmarks -- COMMAND
// All commands except check, pages, cold-lookup, batch-lookup and dashboard write their results to results.json, docs/performance.md and
// the README.
const string Usage = """
    all                        all commands below except check, pages, cold-lookup, batch-lookup and dashboard
    requests [rounds]          whole requests in process, compared with the framework's floor and other handlers
    wire [rounds]              the Quickstart over loopback, with load by wrk
    parts                      parsing a key, checking a scope
    limiter                    checks in memory and over a redis-server, compared with the framework's limiter and minimal scripts
    native                     an app compiled to native code: startup time and size
    cold-lookup [keys] [connection string of an empty PostgreSQL database]
    batch-lookup <connection string of an empty PostgreSQL database>
    dashboard [keys]           the first page of the dashboard's list, and the page of a key, on SQLite
    pages                      writes docs/performance.md and the README's lines from results.json again
    check                      compares the allocations of requests with allocations.txt, and the pages with results.json
    """;
switch (args)
{
    case ["all"]:
        // Each command runs in its own process, so that a million keys on the heap do not affect the limiter.
        foreach (var part in (string[])["requests", "parts", "limiter", "wire", "native"])
        {
            using var process = Process.Start(Environment.ProcessPath!, part);
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                return process.ExitCode;
            }
        }

        return 0;
    case ["requests", .. var rounds]:
        await Report.SaveAsync(await new RequestBenchmark(rounds is [var requestRounds] ? int.Parse(requestRounds, null) : 31).RunAsync());
        return 0;
    case ["wire", .. var rounds]:
        await Report.SaveAsync(await new WireBenchmark(rounds is [var wireRounds] ? int.Parse(wireRounds, null) : 15).RunAsync());
        return 0;
    case ["parts"]:
        await Report.SaveAsync(PartsBenchmark.Run());
        return 0;
    case ["limiter"]:
        await Report.SaveAsync(await LimiterBenchmark.RunAsync());
        return 0;
    case ["native"]:
        await Report.SaveAsync(await NativeStart.RunAsync());
        return 0;
    case ["pages"]:
        await Report.UpdatePagesAsync();
        return 0;
    case ["batch-lookup", var postgreSql]:
        await BatchLookup.RunAsync(postgreSql);
        return 0;
    case ["cold-lookup", .. var rest]:
        var count = rest is [var keys, ..] ? int.Parse(keys, null) : 1_000_000;
        await new ColdLookup(count).RunAsync(rest is [_, var connectionString] ? connectionString : null);
        return 0;
    case ["dashboard", .. var rest]:
        await new DashboardPage(rest is [var listed] ? int.Parse(listed, null) : 100_000).RunAsync();
        return 0;
    case ["check"]:
        var isWithinLimits = await AllocationCheck.RunAsync();
        var arePagesCurrent = await Report.IsInPagesAsync();
        Console.WriteLine(arePagesCurrent
            ? "ok   docs/performance.md and the README match results.json"
            : "docs/performance.md or the README does not match results.json: run the command pages.");
        return isWithinLimits && arePagesCurrent ? 0 : 1;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}
