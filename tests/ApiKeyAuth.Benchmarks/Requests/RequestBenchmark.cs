using System.Diagnostics;
using System.Security.Cryptography;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>What a whole request costs beside the framework's floor: all in one process, in rounds of about 100 ms in shuffled order.</summary>
internal sealed class RequestBenchmark(int rounds)
{
    private const int WarmUp = 30_000;
    private const string Anonymous = "anonymous";
    private const string Floor = "framework's floor";

    public async Task RunAsync()
    {
        using var one = await KeyApp.StartAsync(1);
        using var many = await KeyApp.StartAsync(100_000);
        var variants = await VariantsAsync(one, many);
        foreach (var variant in variants)
        {
            variant.Send(Math.Max(WarmUp, variant.Values.Length));
        }

        Print(Measure(variants));
    }

    private static async Task<List<Variant>> VariantsAsync(KeyApp one, KeyApp many)
    {
        var key = one.Keys[0];
        PlainTextHandler.Owners[key] = "owner";
        HandWrittenHandler.Owners[HandWrittenHandler.Hash(key)] = "owner";
        var (jwt, token) = await Apps.JwtAsync();
        return
        [
            new(Anonymous, await Apps.AnonymousAsync(), 200),
            new(Floor, await Apps.FloorAsync(), 200),
            new("keys in plain text, nothing else", await Apps.PlainTextAsync(), 200, "X-API-Key", key),
            new("SHA-256 by hand", await Apps.HandWrittenAsync(), 200, "X-API-Key", key),
            new("SHA-256 by hand, one scope policy", await Apps.HandWrittenWithScopeAsync(), 200, "X-API-Key", key),
            new("JwtBearer, HS256", jwt, 200, "Authorization", "Bearer " + token),
            new("ApiKeyAuth, header", one.Server, 200, "X-API-Key", key),
            new("ApiKeyAuth, Bearer", one.Server, 200, "Authorization", "Bearer " + key),
            new("ApiKeyAuth, 100,000 warm keys", many.Server, 200, "X-API-Key", many.Keys),
            new("refused: no key", one.Server, 401),
            new("refused: malformed", one.Server, 401, "X-API-Key", "key_live_nothing"),
            new("refused: wrong checksum", one.Server, 401, "X-API-Key", key[..^1] + (key[^1] == 'a' ? 'b' : 'a')),
            new("refused: unknown, seen before", one.Server, 401, "X-API-Key", new ApiKeyFormat().Generate("live")),
            new("refused: over the limit", one.Server, 429, "X-API-Key", one.Spent),
        ];
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
                results[variant.Name].Add(
                    Stopwatch.GetElapsedTime(started).TotalNanoseconds / requests, (GC.GetAllocatedBytesForCurrentThread() - bytes) / requests);
            }
        }

        return results;
    }

    private static void Print(Dictionary<string, Measurement> results)
    {
        var anonymous = results[Anonymous];
        var floor = results[Floor].Nanoseconds - anonymous.Nanoseconds;
        Console.WriteLine("| request | over the anonymous route | times the floor | bytes |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (name, result) in results)
        {
            var over = result.Nanoseconds - anonymous.Nanoseconds;
            Console.WriteLine($"| {name} | {over:N0} ns | {over / floor:F2} | {result.Bytes - anonymous.Bytes:N0} |");
        }
    }
}
