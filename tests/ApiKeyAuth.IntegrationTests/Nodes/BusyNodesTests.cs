using System.Diagnostics;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Redis;
using StackExchange.Redis;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Tests nodes on a busy machine: they are paused while Redis responds in time.</summary>
[Category("Long"), NonParallelizable]
internal sealed class BusyNodesTests
{
    private const int Limit = 20;
    private const int Bursts = 20;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(40);

    [Test]
    public async Task Nodes_BusyMachine_NeverExceedTheLimitWhileRedisResponds()
    {
        await using var redis = await RedisServer.StartAsync();
        var settings = new NodeApp.Settings
        {
            Redis = redis.ConnectionString,
            Limit = $"{Limit}/{Window.TotalSeconds} seconds",
            LimitedKeys = Bursts,
            Lease = TimeSpan.FromSeconds(1),
            Timeout = Timeout,
        };
        await using var nodes = await RunningNodes.StartAsync(2, _ => settings, settings.Lease);
        await using var one = new RunningProcess("sh", ["-c", "while :; do :; done"], Path.GetTempPath());
        await using var two = new RunningProcess("sh", ["-c", "while :; do :; done"], Path.GetTempPath());
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var conclusive = 0;
        for (var burst = 0; burst < Bursts; burst++)
        {
            var load = new LimitLoad(nodes.All, NodeApp.Limited(burst));
            TimeSpan slowest;
            await using (load)
            {
                slowest = await PingAsync(connection.GetDatabase(), load);
            }

            var most = load.MaxInAWindow(Window);
            TestContext.Out.WriteLine(
                $"At most {most} of {Limit} in a window, {load.Admitted} in all; the slowest ping took {slowest.TotalMilliseconds:F1} ms.");

            // A slow ping shows that Redis, or this process, was paused too.
            if (slowest < Timeout)
            {
                conclusive++;
                Assert.That(most, Is.LessThanOrEqualTo(Limit));
            }
        }

        if (conclusive == 0)
        {
            Assert.Inconclusive("Every burst met a ping that was late.");
        }
    }

    /// <summary>Sends pings until the nodes have admitted more than one window allows, and returns the slowest ping.</summary>
    private static async Task<TimeSpan> PingAsync(IDatabase database, LimitLoad load)
    {
        var (slowest, began) = (TimeSpan.Zero, Stopwatch.GetTimestamp());
        while (load.Admitted <= Limit && Stopwatch.GetElapsedTime(began) < Window * 30)
        {
            var took = await database.PingAsync();
            slowest = took > slowest ? took : slowest;
        }

        return slowest;
    }
}
