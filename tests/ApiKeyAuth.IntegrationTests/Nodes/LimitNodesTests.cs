using System.Diagnostics;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Redis;
using ApiKeyAuth.IntegrationTests.Stores.Faults;
using ApiKeyAuth.Redis;
using StackExchange.Redis;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>
/// Tests nodes in separate processes that are called continuously: they share one limit, and keep its bounds despite faults of the server.
/// </summary>
[Category("Long")]
internal sealed class LimitNodesTests
{
    private const int Limit = 60;
    private const int Trials = 3;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FaultTime = TimeSpan.FromSeconds(1.5);

    [TestCase("redis", 2)]
    [TestCase("redis", 4)]
    [TestCase("garnet", 2)]
    public async Task Nodes_OneClockAhead_AdmitTheWholeLimit(string server, int count)
    {
        await using var redis = server == "redis" ? await RedisServer.StartAsync() : null;
        using var garnet = server == "garnet" ? new GarnetServer("--lua-transaction-mode") : null;
        var settings = Settings(redis?.ConnectionString ?? garnet!.ConnectionString);
        await using var nodes = await NodesAsync(count, node => settings with { Ahead = TimeSpan.FromSeconds(node == 1 ? 90 : 0) });
        var used = 0.0;

        // How much of the limit is used depends on the load of the machine, so that is measured again. No trial may exceed the limit.
        for (var trial = 0; trial < Trials && used < 0.98; trial++)
        {
            var load = new LimitLoad(nodes.All, NodeApp.Limited(trial));
            await using (load)
            {
                await Task.Delay(Window);
                var (from, span) = (Stopwatch.GetTimestamp(), Window * 3);
                await Task.Delay(span);
                used = load.CountAnswered(from, from + (long)(span.TotalSeconds * Stopwatch.Frequency)) / (3.0 * Limit);
            }

            TestContext.Out.WriteLine(
                $"{load.Answers.Count} requests, at most {load.MaxInAWindow(Window)} of {Limit} in a window, "
                + $"{used:P1} of the limit used.");
            Assert.That(load.MaxInAWindow(Window), Is.LessThanOrEqualTo(Limit));
            Assert.That(load.Answers.Select(answer => answer.Status).Distinct(), Is.EquivalentTo(new[] { 200, 429 }));
        }

        Assert.That(used, Is.AtLeast(0.98));
    }

    [Test]
    public async Task Nodes_ServerFaults_KeepTheBoundsAndRecover()
    {
        await using var redis = await RedisServer.StartAsync("--enable-debug-command", "local");
        await using var proxy = new SlowProxy(redis.Port);
        var settings = Settings(redis.ConnectionString) with { Timeout = TimeSpan.FromMilliseconds(50) };
        await using var nodes = await NodesAsync(2, node => node == 1 ? settings with { Redis = $"127.0.0.1:{proxy.Port}" } : settings);
        (string Name, int Bound, Func<Task> Begin, Func<Task> End)[] faults =
        [
            ("SCRIPT FLUSH", 2 * Limit, () => ExecuteAsync(redis, "SCRIPT", "FLUSH"), Nothing),
            ("FLUSHALL", 2 * Limit, () => ExecuteAsync(redis, "FLUSHALL"), Nothing),
            ("CLIENT PAUSE", 2 * Limit, () => ExecuteAsync(redis, "CLIENT", "PAUSE", FaultTime.TotalMilliseconds, "ALL"), Nothing),
            ("DEBUG SLEEP", 2 * Limit, () => ExecuteAsync(redis, "DEBUG", "SLEEP", FaultTime.TotalSeconds), Nothing),
            ("STOP and CONT", 2 * Limit, redis.StopAsync, redis.ContinueAsync),
            ("half-open connection of one node", 2 * Limit, () => Run(proxy.Hold), () => Run(proxy.Release)),
            ("killed and replaced by a new server", 2 * Limit, redis.KillAsync, redis.RunAsync),
        ];
        for (var fault = 0; fault < faults.Length; fault++)
        {
            var (name, bound, begin, end) = faults[fault];
            var load = new LimitLoad(nodes.All, NodeApp.Limited(fault));
            await using (load)
            {
                await Task.Delay(Window);
                var healthy = load.Answers.Count;
                var beginning = begin();
                await Task.Delay(FaultTime);
                await beginning;
                var slowest = load.Answers.Skip(healthy).Max(answer => answer.Took);
                await end();
                await AdmitsAsync(load, Limit);
                TestContext.Out.WriteLine(
                    $"{name}: {load.Answers.Count} requests, the slowest decision took {slowest.TotalMilliseconds:F0} ms, "
                    + $"at most {load.MaxInAWindow(Window)} in a window of {Limit}.");
            }

            Assert.That(load.MaxInAWindow(Window), Is.LessThanOrEqualTo(bound), name);
            Assert.That(load.Answers.Select(answer => answer.Status), Is.All.EqualTo(200).Or.EqualTo(429), name);
        }
    }

    [Test]
    public async Task Nodes_FailClosedAndServerDown_Return503WithRetryAfterAndRecover()
    {
        await using var redis = await RedisServer.StartAsync();
        var settings = Settings(redis.ConnectionString) with
        {
            Timeout = TimeSpan.FromMilliseconds(50),
            Outage = ApiKeyRedisOutage.FailClosed,
        };
        await using var nodes = await NodesAsync(1, _ => settings);
        // On a busy machine, the first calls may take longer than the timeout.
        await Eventually.IsTrueAsync(async () => await nodes.All[0].CallAsync(NodeApp.Limited(0), "/limited") == 200);
        await redis.StopAsync();
        using (var failed = await nodes.All[0].SendAsync(HttpMethod.Get, "/limited", NodeApp.Limited(0)))
        {
            Assert.That(
                ((int)failed.StatusCode, failed.Headers.RetryAfter?.Delta), Is.EqualTo((503, (TimeSpan?)TimeSpan.FromSeconds(1))));
            Assert.That(await failed.Content.ReadAsStringAsync(), Does.Contain("key_store_unavailable"));
        }

        await redis.ContinueAsync();
        while (await nodes.All[0].CallAsync(NodeApp.Limited(0), "/limited") == 503)
        {
            await Task.Delay(20);
        }
    }

    private static Task Nothing() => Task.CompletedTask;

    private static Task Run(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static NodeApp.Settings Settings(string redis) => new()
    {
        Redis = redis,
        Limit = $"{Limit}/{Window.TotalSeconds} seconds",
        LimitedKeys = 8,
        Lease = TimeSpan.FromSeconds(1),
    };

    private static Task<RunningNodes> NodesAsync(int count, Func<int, NodeApp.Settings> settings) =>
        RunningNodes.StartAsync(count, settings, settings(0).Lease);

    /// <summary>Waits until more requests were admitted, which shows that the limiter works.</summary>
    private static async Task AdmitsAsync(LimitLoad load, int more)
    {
        var (before, elapsed) = (load.Admitted, Stopwatch.StartNew());
        while (load.Admitted < before + more)
        {
            Assert.That(elapsed.Elapsed, Is.LessThan(TimeSpan.FromMinutes(1)), "requests must be admitted again");
            await Task.Delay(50);
        }
    }

    private static async Task ExecuteAsync(RedisServer server, string command, params object[] arguments)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            server.ConnectionString + ",allowAdmin=true,asyncTimeout=10000");
        await connection.GetDatabase().ExecuteAsync(command, arguments);
    }
}
