using System.Diagnostics;
using ApiKeyAuth.Benchmarks.Limiters;
using ApiKeyAuth.Benchmarks.Native;
using ApiKeyAuth.Benchmarks.Parts;
using ApiKeyAuth.Benchmarks.Reports;
using ApiKeyAuth.Benchmarks.Requests;
using ApiKeyAuth.Benchmarks.Stores;
using ApiKeyAuth.Benchmarks.Wire;

// dotnet run -c Release --project tests/ApiKeyAuth.Benchmarks -- COMMAND
// All but check put what they measured into results.json and the README.
const string Usage = """
    all                        everything below but check, cold-lookup and batch-lookup
    requests [rounds]          whole requests in process, beside the framework's floor and others
    wire [rounds]              the Quickstart over loopback, driven by wrk
    parts                      parsing a key, asking for a scope
    limiter                    checks in memory and over a redis-server, beside the framework's limiter and the least a script can do
    native                     an app compiled to native code: start and size
    cold-lookup [keys] [PostgreSQL connection string of an empty database]
    batch-lookup PostgreSQL connection string of an empty database
    check                      what requests allocate, against allocations.txt; whether the README holds the results
    """;
switch (args)
{
    case ["all"]:
        // Each in a process of its own: a million keys on the heap are nothing to the limiter.
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
        await Report.PutAsync(await new RequestBenchmark(rounds is [var count] ? int.Parse(count, null) : 31).RunAsync());
        return 0;
    case ["wire", .. var rounds]:
        await Report.PutAsync(await new WireBenchmark(rounds is [var turns] ? int.Parse(turns, null) : 15).RunAsync());
        return 0;
    case ["parts"]:
        await Report.PutAsync(PartsBenchmark.Run());
        return 0;
    case ["limiter"]:
        await Report.PutAsync(await LimiterBenchmark.RunAsync());
        return 0;
    case ["native"]:
        await Report.PutAsync(await NativeStart.RunAsync());
        return 0;
    case ["batch-lookup", var postgreSql]:
        await BatchLookup.RunAsync(postgreSql);
        return 0;
    case ["cold-lookup", .. var rest]:
        await new ColdLookup(rest is [var keys, ..] ? int.Parse(keys, null) : 1_000_000).RunAsync(rest is [_, var connectionString] ? connectionString : null);
        return 0;
    case ["check"]:
        var isLean = await AllocationCheck.RunAsync();
        var isTold = await Report.IsInReadmeAsync();
        Console.WriteLine(isTold ? "ok   the README holds the results" : "The README does not hold what results.json does: run a benchmark, or undo the change of one of them.");
        return isLean && isTold ? 0 : 1;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}
