using ApiKeyAuth.Benchmarks.Requests;
using ApiKeyAuth.Benchmarks.Stores;

// dotnet run -c Release --project tests/ApiKeyAuth.Benchmarks -- requests [rounds]
// dotnet run -c Release --project tests/ApiKeyAuth.Benchmarks -- cold-lookup [keys] [connection string of an empty PostgreSQL database]
switch (args)
{
    case ["requests", .. var rounds]:
        await new RequestBenchmark(rounds is [var count] ? int.Parse(count, null) : 15).RunAsync();
        return 0;
    case ["scratch", var w, var s, var a]: await ApiKeyAuth.Benchmarks.Scratch.RunAsync(w, int.Parse(s, null), a=="1"); return 0;
    case ["micro"]: ApiKeyAuth.Benchmarks.Micro.Run(); return 0;
    case ["ablate", var n]: await ApiKeyAuth.Benchmarks.Scratch.AblateAsync(int.Parse(n, null)); return 0;
    case ["cold-lookup", .. var rest]:
        await new ColdLookup(rest is [var keys, ..] ? int.Parse(keys, null) : 1_000_000).RunAsync(rest is [_, var connectionString] ? connectionString : null);
        return 0;
    default:
        Console.Error.WriteLine("requests [rounds] | cold-lookup [keys] [PostgreSQL connection string]");
        return 1;
}
