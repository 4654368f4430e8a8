using System.Diagnostics;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiKeyAuth.Benchmarks.Stores;

/// <summary>Measures how many keys per second the store returns: many keys per query, compared with one key per query.</summary>
internal static class BatchLookup
{
    private const int Keys = 100_000;
    private const int Lookups = 20_000;
    private const int Rounds = 7;

    /// <summary>Measures on an empty PostgreSQL database, with as many concurrent calls as the library allows.</summary>
    public static async Task RunAsync(string connectionString)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddApiKeyAuth().AddPostgreSql(connectionString);
        await using var provider = services.BuildServiceProvider();
        await provider.MigrateApiKeysAsync();
        await using (var connection = new NpgsqlConnection(connectionString))
        {
            await connection.OpenAsync();
            await SampleKeys.CopyAsync(connection, Keys);
            await SampleKeys.Command(connection, "ANALYZE").ExecuteNonQueryAsync();
        }

        List<double> single = [], batched = [];
        for (var round = -1; round < Rounds; round++)
        {
            var hashes = Enumerable.Range(0, Lookups).Select(index => SampleKeys.Hash((index * 7919) % Keys)).ToArray();
            var one = await MeasureAsync(provider, hashes.Chunk(1), async (store, chunk) =>
                await store.FindAsync(chunk, default) is null ? 0 : 1);
            var many = await MeasureAsync(provider, hashes.Chunk(LoadQueue.MaxBatchSize), async (store, chunk) =>
                (await store.FindManyAsync([.. chunk.Select(hash => new[] { hash })], default)).Count(key => key is not null));
            if (round >= 0)
            {
                single.Add(one);
                batched.Add(many);
            }
        }

        single.Sort();
        batched.Sort();
        var (perKey, perBatch) = (single[Rounds / 2], batched[Rounds / 2]);
        Console.WriteLine($"PostgreSQL, {Keys:N0} keys, {LoadQueue.MaxBatchCalls} calls in flight");
        Console.WriteLine($"median of {Rounds} rounds of {Lookups:N0} keys:");
        Console.WriteLine($"  one key per query       {perKey:N0} keys per second");
        Console.WriteLine($"  {LoadQueue.MaxBatchSize} keys per query      {perBatch:N0} keys per second, ratio {perBatch / perKey:F1}");
    }

    private static async Task<double> MeasureAsync(
        ServiceProvider provider, IEnumerable<ApiKeyHash[]> chunks, Func<IBatchApiKeyStore, ApiKeyHash[], Task<int>> find)
    {
        var found = 0;
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(chunks, new ParallelOptions { MaxDegreeOfParallelism = LoadQueue.MaxBatchCalls }, async (chunk, _) =>
        {
            await using var scope = provider.CreateAsyncScope();
            Interlocked.Add(ref found, await find((IBatchApiKeyStore)scope.ServiceProvider.GetRequiredService<IApiKeyStore>(), chunk));
        });
        return found == Lookups
            ? Lookups / Stopwatch.GetElapsedTime(start).TotalSeconds
            : throw new InvalidOperationException($"Only {found} of {Lookups} keys were found.");
    }
}
