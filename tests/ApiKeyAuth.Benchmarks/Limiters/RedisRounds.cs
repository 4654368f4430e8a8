using System.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ApiKeyAuth.Benchmarks.Limiters;

/// <summary>Measures checks over a redis-server that the run starts.</summary>
internal static class RedisRounds
{
    private const int Callers = 64;
    private const int Rounds = 9;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(500);

    // The minimum of a limiter: it reads the server's time, reads the state and writes the state.
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
        var (oneWindow, oneScript) = await AlternateAsync(
            CreateCheck(limiter, caller => Subject($"own{caller}", "1,000,000,000/hour")),
            caller => FloorAsync(database, $"floor{caller}"));
        const string FourLimits = "1,000,000/second; 1,000,000,000/minute; 1,000,000,000/hour; 1,000,000,000/day";
        var (fourWindows, fourScripts) = await AlternateAsync(
            CreateCheck(limiter, caller => Subject($"four{caller}", FourLimits)),
            async caller =>
            {
                for (var window = 0; window < 4; window++)
                {
                    await FloorAsync(database, $"four{caller}.{window}");
                }
            });
        var hotSubject = Subject("hot", "1,000,000,000/hour");
        var (hot, hotScripts) = await AlternateAsync(_ => CheckAsync(limiter, hotSubject), _ => FloorAsync(database, "hot"));
        var rejectedSubject = Subject("rejected", "1/hour");
        await CheckAsync(limiter, rejectedSubject);
        var (rejected, rejectedScripts) = await AlternateAsync(
            _ => CheckAsync(limiter, rejectedSubject), _ => FloorAsync(database, "rejected"));
        var (first, p99) = await OutageAsync(server);
        return
        [
            LimiterBenchmark.Row(
                $"checks of {Callers} callers with a key each", "/s", oneWindow, "a script of TIME, GET and SET", oneScript, "0.65 ×"),
            LimiterBenchmark.Row("checks of four windows per key", "/s", fourWindows, "four such scripts", fourScripts, "1.5 ×"),
            LimiterBenchmark.Row($"{Callers} callers with one key", "/s", hot, "one script per check", hotScripts, "5 ×"),
            LimiterBenchmark.Row(
                $"{Callers} callers with one rejected key", "/s", rejected, "one script per check", rejectedScripts, "100 ×"),
            Row("the first decision of an outage", $"{first.TotalMilliseconds:F1} ms", $"{5000 / first.TotalMilliseconds:F0}", "50 ms"),
            Row("the following decisions, p99", $"{p99.TotalMilliseconds:F3} ms", $"{5000 / p99.TotalMilliseconds:N0}", "1 ms"),
        ];
    }

    private static IReadOnlyList<string> Row(string name, string time, string factor, string goal) =>
        [name, time, "the client's own timeout: 5,000 ms", $"{factor} × as fast", goal];

    // Started like an app, so that the startup check runs.
    private static async Task<IHost> StartNodeAsync(string address, Action<ApiKeyRedisOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddApiKeyAuth().AddRedis(address, configure);
        var node = builder.Build();
        await node.StartAsync();
        return node;
    }

    private static RateLimitSubject Subject(string key, string limits) => new(key, RateLimit.ParseList(limits), null, null);

    // Subjects are created once, as for cached keys.
    private static Func<int, Task> CreateCheck(IApiKeyRateLimiter limiter, Func<int, RateLimitSubject> subject)
    {
        var subjects = Enumerable.Range(0, Callers).Select(subject).ToArray();
        return caller => CheckAsync(limiter, subjects[caller]);
    }

    private static async Task CheckAsync(IApiKeyRateLimiter limiter, RateLimitSubject subject) =>
        await limiter.CheckAsync(subject, 1, RateLimitCharge.IfAdmitted, default);

    private static async Task FloorAsync(IDatabase database, string key) => await database.ScriptEvaluateAsync(Floor, [key]);

    /// <summary>Measures calls per second, in alternating rounds.</summary>
    private static async Task<(double Ours, double Baseline)> AlternateAsync(Func<int, Task> ours, Func<int, Task> baseline)
    {
        var (ourRates, baselineRates) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            ourRates.Add(await RateAsync(ours));
            baselineRates.Add(await RateAsync(baseline));
        }

        return (LimiterBenchmark.Median(ourRates), LimiterBenchmark.Median(baselineRates));
    }

    private static async Task<double> RateAsync(Func<int, Task> call)
    {
        var (started, calls) = (Stopwatch.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var callerCalls = 0L;
            for (; Stopwatch.GetElapsedTime(started) < Round; callerCalls++)
            {
                await call(caller);
            }

            Interlocked.Add(ref calls, callerCalls);
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
