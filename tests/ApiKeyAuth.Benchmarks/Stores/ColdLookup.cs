using System.Diagnostics;
using System.Security.Cryptography;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiKeyAuth.Benchmarks.Stores;

/// <summary>Measures the lookup of keys that are not cached, compared with hand-written queries on the same tables.</summary>
internal sealed class ColdLookup(int count)
{
    private const int Rounds = 20_000;
    private const int WarmUp = 2_000;

    public async Task RunAsync(string? postgreSql)
    {
        var folder = Directory.CreateTempSubdirectory("cold-");
        try
        {
            await MeasureSqliteAsync($"Data Source={Path.Combine(folder.FullName, "keys.db")}");
            if (postgreSql is not null)
            {
                await MeasurePostgreSqlAsync(postgreSql);
            }
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private async Task MeasureSqliteAsync(string connectionString)
    {
        await using var services = await PrepareAsync(builder => builder.AddSqlite(connectionString));
        await using (var connection = new SqliteConnection(connectionString))
        {
            await connection.OpenAsync();
            await SampleKeys.InsertAsync(connection, count);
            await SampleKeys.Command(connection, "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)").ExecuteNonQueryAsync();
        }

        await MeasureAsync("SQLite", services, new HandWrittenLookup(() => new SqliteConnection(connectionString)));
    }

    private async Task MeasurePostgreSqlAsync(string connectionString)
    {
        await using var services = await PrepareAsync(builder => builder.AddPostgreSql(connectionString));
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using (var connection = await source.OpenConnectionAsync())
        {
            await SampleKeys.CopyAsync(connection, count);
            await SampleKeys.Command(connection, "ANALYZE").ExecuteNonQueryAsync();
        }

        await MeasureAsync("PostgreSQL", services, new HandWrittenLookup(source.CreateConnection));
    }

    private static async Task<ServiceProvider> PrepareAsync(Action<ApiKeyAuthBuilder> addStore)
    {
        var services = new ServiceCollection().AddLogging();
        addStore(services.AddApiKeyAuth());
        var provider = services.BuildServiceProvider();
        await provider.MigrateApiKeysAsync();
        return provider;
    }

    private async Task MeasureAsync(string name, ServiceProvider services, HandWrittenLookup handWritten)
    {
        Func<ApiKeyHash, ValueTask<ApiKey?>>[] ways =
        [
            async hash =>
            {
                await using var scope = services.CreateAsyncScope();
                return await scope.ServiceProvider.GetRequiredService<IApiKeyStore>().FindAsync([hash], default);
            },
            hash => handWritten.FindAsync(hash, default),
            hash => handWritten.FindOnOpenConnectionAsync(hash, default),
        ];
        var times = ways.Select(_ => new List<double>(Rounds)).ToArray();
        for (var round = -WarmUp; round < Rounds; round++)
        {
            // The order changes each round, so that no way profits from data that another one has just loaded.
            for (var turn = 0; turn < ways.Length; turn++)
            {
                var way = (turn + round + WarmUp) % ways.Length;
                var number = RandomNumberGenerator.GetInt32(count);
                var hash = SampleKeys.Hash(number);
                var start = Stopwatch.GetTimestamp();
                var key = await ways[way](hash);
                var elapsed = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                if (key?.Id != SampleKeys.Id(number))
                {
                    throw new InvalidOperationException($"{name}, way {way}: the key was not found, or another key was returned.");
                }

                if (round >= 0)
                {
                    times[way].Add(elapsed);
                }
            }
        }

        Print(name, [.. times.Select(way => way.Order().ToList())]);
    }

    private void Print(string name, List<double>[] sorted)
    {
        var (store, pooled, open) = (sorted[0][Rounds / 2], sorted[1][Rounds / 2], sorted[2][Rounds / 2]);
        var at99 = Rounds * 99 / 100;
        Console.WriteLine($"{name}, {count:N0} keys, {Rounds:N0} lookups each, microseconds p50 (p99):");
        Console.WriteLine($"  FindAsync                            {store:F1} ({sorted[0][at99]:F1})");
        Console.WriteLine($"  hand-written, pooled connection      {pooled:F1} ({sorted[1][at99]:F1})   ratio {store / pooled:F2}");
        Console.WriteLine($"  hand-written, one open connection    {open:F1} ({sorted[2][at99]:F1})   ratio {store / open:F2}");
    }
}
