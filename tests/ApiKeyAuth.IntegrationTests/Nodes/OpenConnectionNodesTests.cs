using System.Diagnostics;
using System.Net;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Redis;
using ApiKeyAuth.IntegrationTests.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Tests open connections on several nodes: those of a revoked key end, also on a suspended node, and others stay open.</summary>
/// <remarks>
/// Runs alone and with the default lease: a node that cannot confirm a key within half a lease ends its connections, on purpose, so other
/// tests must not slow the nodes down.
/// </remarks>
[Category("Long")]
[NonParallelizable]
internal sealed class OpenConnectionNodesTests
{
    private const int RevokedPerNode = 490;
    private const int OtherPerNode = 10;
    private static readonly TimeSpan Lease = new ApiKeyBackplaneOptions().Lease;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Revocation_NodeSuspended_EndsAThousandConnectionsOnBothNodesAndNoOther()
    {
        var postgreSql = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        await using (var host = new StoreHost(builder => builder.AddPostgreSql(postgreSql)))
        {
            await host.Services.MigrateApiKeysAsync();
        }

        await using var redis = await RedisServer.StartAsync();
        var settings = new NodeApp.Settings { PostgreSql = postgreSql, Redis = redis.ConnectionString, Lease = Lease };
        await using var running = await RunningNodes.StartAsync(2, _ => settings, Lease);
        var nodes = running.All;
        var (id, secret) = await nodes[0].CreateAsync();
        var (_, otherSecret) = await nodes[0].CreateAsync();
        var revoked = new[] { await OpenAsync(nodes[0], secret, RevokedPerNode), await OpenAsync(nodes[1], secret, RevokedPerNode) };
        OpenEvents[] others =
        [
            .. await OpenAsync(nodes[0], otherSecret, OtherPerNode),
            .. await OpenAsync(nodes[1], otherSecret, OtherPerNode),
        ];
        Assert.That(revoked.SelectMany(each => each).Where(each => each.Closed.IsCompleted), Is.Empty);

        await nodes[1].SignalAsync("STOP");
        using var answer = await nodes[0].ChangeAsync("revoke", id);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        var watch = Stopwatch.StartNew();
        await ClosedAsync(revoked[0]);
        TestContext.Out.WriteLine($"The node that ran on: all ended {watch.ElapsedMilliseconds} ms after the response.");

        watch.Restart();
        await nodes[1].SignalAsync("CONT");
        await ClosedAsync(revoked[1]);
        TestContext.Out.WriteLine($"The node that stood still: all ended {watch.ElapsedMilliseconds} ms after it went on.");

        // The other connections still receive events, and are the only ones that remain open on the nodes.
        var arrived = others.Select(each => each.Arrived).ToArray();
        while (others.Zip(arrived).Any(each => each.First.Arrived <= each.Second))
        {
            Assert.That(others.Where(each => each.Closed.IsCompleted), Is.Empty);
            Assert.That(watch.Elapsed, Is.LessThan(Deadline));
            await Task.Delay(20);
        }

        Assert.That(nodes.Select(node => node.Output.Split("Ended ").Length - 1), Is.All.EqualTo(1), "One line per node and key.");
        Assert.That(nodes.Select(node => node.Output), Is.All.Contains($"Ended {RevokedPerNode} open connections of key {id}: Revoked."));
        foreach (var each in revoked.SelectMany(each => each).Concat(others))
        {
            each.Dispose();
        }
    }

    private static Task<OpenEvents[]> OpenAsync(RunningNode node, string secret, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => node.OpenAsync(secret)));

    private static Task ClosedAsync(IEnumerable<OpenEvents> open) => Task.WhenAll(open.Select(each => each.Closed)).WaitAsync(Deadline);
}
