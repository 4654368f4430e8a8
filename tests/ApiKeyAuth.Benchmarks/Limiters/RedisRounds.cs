using System.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ApiKeyAuth.Benchmarks.Limiters;

/// <summary>Checks over a redis-server of the run's own.</summary>
internal static class RedisRounds
{
    private const int Callers = 64;
    private const int Rounds = 9;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(500);

    // The least that a limiter does: the server's time, what is known, what is known now.
    private const string Floor = """
        local time = redis.call('TIME')
        local state = redis.call('GET', KEYS[1])
        redis.call('SET', KEYS[1], (state or '') == '' and time[1] .. time[2] or state, 'PX', '60000')
        return 1
        """;

    public static async Task<List<IReadOnlyList<string>>> RunAsync()
    {
        using var server = RunningRedis.Start();
        await using var connection = await server.ConnectAsync();
        using var node = await StartNodeAsync(server.Address, options => options.Timeout = TimeSpan.FromSeconds(5));
        var limiter = node.Services.GetRequiredService<IApiKeyRateLimiter>();
        var database = connection.GetDatabase();
        var (check, floor) = await InTurnsAsync(
            OfCallers(limiter, caller => Subject($"own{caller}", "1,000,000,000/hour")), caller => FloorAsync(database, $"floor{caller}"));
        var (four, scripts) = await InTurnsAsync(
            OfCallers(limiter, caller => Subject($"four{caller}", "1,000,000/second; 1,000,000,000/minute; 1,000,000,000/hour; 1,000,000,000/day")),
            async caller =>
            {
                for (var window = 0; window < 4; window++)
                {
                    await FloorAsync(database, $"four{caller}.{window}");
                }
            });
        var one = Subject("hot", "1,000,000,000/hour");
        var (hot, each) = await InTurnsAsync(_ => CheckAsync(limiter, one), _ => FloorAsync(database, "hot"));
        var empty = Subject("denied", "1/hour");
        await CheckAsync(limiter, empty);
        var (denied, asked) = await InTurnsAsync(_ => CheckAsync(limiter, empty), _ => FloorAsync(database, "denied"));
        var (first, behind) = await OutageAsync(server);
        return
        [
            LimiterBenchmark.Faster($"checks of {Callers} callers with a key each", "/s", check, "a script of TIME, GET and SET", floor, "0.65 ×"),
            LimiterBenchmark.Faster("checks of four windows on a key", "/s", four, "four such scripts", scripts, "1.5 ×"),
            LimiterBenchmark.Faster($"{Callers} callers with one key", "/s", hot, "a script for each", each, "5 ×"),
            LimiterBenchmark.Faster($"{Callers} callers with one key that is refused", "/s", denied, "a script for each", asked, "100 ×"),
            ["the first decision of an outage", $"{first.TotalMilliseconds:F1} ms", "the client's own time-out: 5,000 ms", $"{5000 / first.TotalMilliseconds:F0} × faster", "50 ms"],
            ["those that follow it, p99", $"{behind.TotalMilliseconds:F3} ms", "the same", $"{5000 / behind.TotalMilliseconds:N0} × faster", "1 ms"],
        ];
    }

    // As an app has it: at its start it looks at the server.
    private static async Task<IHost> StartNodeAsync(string address, Action<ApiKeyRedisOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddApiKeyAuth().AddRedis(address, configure);
        var node = builder.Build();
        await node.StartAsync();
        return node;
    }

    private static RateLimitSubject Subject(string key, string limits) => new(key, RateLimit.ParseList(limits), null, null);

    // As the key record that was resolved has it: made once.
    private static Func<int, Task> OfCallers(IApiKeyRateLimiter limiter, Func<int, RateLimitSubject> subject)
    {
        var subjects = Enumerable.Range(0, Callers).Select(subject).ToArray();
        return caller => CheckAsync(limiter, subjects[caller]);
    }

    private static async Task CheckAsync(IApiKeyRateLimiter limiter, RateLimitSubject subject) =>
        await limiter.CheckAsync(subject, 1, RateLimitCharge.IfAdmitted, default);

    private static async Task FloorAsync(IDatabase database, string key) => await database.ScriptEvaluateAsync(Floor, [key]);

    /// <summary>Calls a second, the two in turns.</summary>
    private static async Task<(double Ours, double Theirs)> InTurnsAsync(Func<int, Task> ours, Func<int, Task> theirs)
    {
        var (mine, other) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            mine.Add(await RateAsync(ours));
            other.Add(await RateAsync(theirs));
        }

        return (LimiterBenchmark.Median(mine), LimiterBenchmark.Median(other));
    }

    private static async Task<double> RateAsync(Func<int, Task> call)
    {
        var (started, calls) = (Stopwatch.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var mine = 0L;
            for (; Stopwatch.GetElapsedTime(started) < Round; mine++)
            {
                await call(caller);
            }

            Interlocked.Add(ref calls, mine);
        })));
        return calls / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<(TimeSpan First, TimeSpan P99)> OutageAsync(RunningRedis server)
    {
        using var node = await StartNodeAsync(server.Address);
        var limiter = node.Services.GetRequiredService<IApiKeyRateLimiter>();
        var subject = Subject("outage", "1,000,000/hour");
        for (var warm = 0; warm < 200; warm++)
        {
            await CheckAsync(limiter, subject);
        }

        server.Signal("STOP");
        var times = new List<TimeSpan>();
        for (var check = 0; check < 1000; check++)
        {
            var started = Stopwatch.GetTimestamp();
            await CheckAsync(limiter, subject);
            times.Add(Stopwatch.GetElapsedTime(started));
        }

        server.Signal("CONT");
        return (times[0], times.Skip(1).Order().ElementAt(times.Count * 99 / 100));
    }
}
