using ApiKeyAuth.Benchmarks.Stores;

// dotnet run -c Release --project tests/ApiKeyAuth.Benchmarks -- cold-lookup [keys] [connection string of an empty PostgreSQL database]
if (args is not ["cold-lookup", .. var rest])
{
    Console.Error.WriteLine("cold-lookup [keys] [PostgreSQL connection string]");
    return 1;
}

await new ColdLookup(rest is [var keys, ..] ? int.Parse(keys, null) : 1_000_000).RunAsync(rest is [_, var connectionString] ? connectionString : null);
return 0;
