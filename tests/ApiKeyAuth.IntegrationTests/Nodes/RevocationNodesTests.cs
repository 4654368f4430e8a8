using System.Diagnostics;
using System.Net;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Redis;
using ApiKeyAuth.IntegrationTests.Stores;
using ApiKeyAuth.IntegrationTests.Stores.Faults;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Real nodes under load: once a change is answered with 2xx, no node admits a request by the old rights, whatever happens to the bus and the nodes.</summary>
[Category("Long")]
internal sealed class RevocationNodesTests
{
    private static readonly string[] Changes = ["revoke", "delete", "disable", "narrow", "rotate"];
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private RedisConnectionFactory? _redis;
    private string _postgreSql = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _postgreSql = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        await using var host = new StoreHost(builder => builder.AddPostgreSql(_postgreSql).AddPostgreSqlBackplane(_postgreSql));
        await host.Services.MigrateApiKeysAsync();
    }

    [TearDown]
    public async Task EndAsync()
    {
        await (_redis?.DisposeAsync() ?? default);
        _redis = null;
    }

    [TestCase("redis", 2)]
    [TestCase("redis", 4)]
    [TestCase("postgresql", 2)]
    public async Task EveryChange_NodesUnderLoad_NoneAdmitsByOldRightsAfterTheAnswer(string bus, int count)
    {
        const int Rounds = 2;
        var settings = await SettingsAsync(bus);
        await using var running = await RunningNodes.StartAsync(count, node => settings with { Ahead = TimeSpan.FromSeconds(node == 1 ? 90 : 0) }, Lease);
        var nodes = running.All;
        for (var round = 0; round < Rounds * Changes.Length; round++)
        {
            var change = Changes[round % Changes.Length];
            var (id, secret) = await nodes[0].CreateAsync();
            await using var load = new NodeLoad(nodes, secret);
            await load.WaitForAdmissionsAsync();
            var watch = Stopwatch.StartNew();
            using var answer = await nodes[round % count].ChangeAsync(change, id);
            var took = watch.Elapsed;
            load.Mark();
            Assert.That((int)answer.StatusCode, Is.InRange(200, 299), $"{change}: {await answer.Content.ReadAsStringAsync()}");
            Assert.That(answer.Headers.GetValues("API-Key-Change-Reach"), Is.EqualTo(new[] { "nodes=all" }));
            var (asked, admitted) = await load.CountAfterMarkAsync(count * 10);
            TestContext.Out.WriteLine($"{change}: answered after {took.TotalMilliseconds:F0} ms; of {asked} requests asked after it {admitted} were admitted.");
            Assert.That(admitted, Is.Zero, change);
        }
    }

    [TestCase("redis")]
    [TestCase("postgresql")]
    public async Task Change_WhileANodeIsStopped_IsAnsweredWithinALeaseAndBindsItWhenItGoesOn(string bus)
    {
        var settings = await SettingsAsync(bus);
        await using var running = await RunningNodes.StartAsync(2, _ => settings, Lease);
        var nodes = running.All;
        var (id, secret) = await nodes[0].CreateAsync();
        Assert.That(await nodes[1].CallAsync(secret), Is.EqualTo(200));
        await nodes[1].SignalAsync("STOP");
        var watch = Stopwatch.StartNew();
        using var answer = await nodes[0].ChangeAsync("revoke", id);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        TestContext.Out.WriteLine($"Answered after {watch.Elapsed.TotalSeconds:F1} s.");

        // Sent while it stands still, so that they are the first thing it sees.
        var calls = Enumerable.Range(0, 5).Select(_ => nodes[1].CallAsync(secret)).ToList();
        await nodes[1].SignalAsync("CONT");
        Assert.That(await Task.WhenAll(calls), Is.All.EqualTo(401));
    }

    [TestCase("redis")]
    [TestCase("postgresql")]
    public async Task Change_WhileANodeIsCutOffFromTheBus_IsAnsweredAndTheNodeAsksTheStore(string bus)
    {
        var settings = await SettingsAsync(bus);
        await using var proxy = new SlowProxy(bus == "redis" ? _redis!.Port : new NpgsqlConnectionStringBuilder(_postgreSql).Port);
        var cut = bus == "redis"
            ? settings with { Redis = $"127.0.0.1:{proxy.Port}", Timeout = TimeSpan.FromMilliseconds(50) }
            : settings with { Backplane = new NpgsqlConnectionStringBuilder(_postgreSql) { Port = proxy.Port }.ConnectionString };
        await using var running = await RunningNodes.StartAsync(2, node => node == 1 ? cut : settings, Lease);
        var nodes = running.All;
        var (id, secret) = await nodes[0].CreateAsync();
        Assert.That(await nodes[1].CallAsync(secret), Is.EqualTo(200));
        await using var load = new NodeLoad(nodes, secret);
        await load.WaitForAdmissionsAsync();
        proxy.Hold();
        using var answer = await nodes[0].ChangeAsync("revoke", id);
        load.Mark();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await load.CountAfterMarkAsync(40)).Admitted, Is.Zero);

        // The node that is cut off goes on serving, straight from the store, and tells others as soon as it can.
        var (other, otherSecret) = await nodes[0].CreateAsync();
        Assert.That(await nodes[1].CallAsync(otherSecret), Is.EqualTo(200));
        using var refused = await nodes[1].ChangeAsync("revoke", other);
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), "it cannot know whether others hold leases");
        Assert.That(await nodes[1].CallAsync(otherSecret), Is.EqualTo(401));
        proxy.Release();
        while (await nodes[0].CallAsync(otherSecret) != 401)
        {
            await Task.Delay(20);
        }
    }

    [Test]
    public async Task Change_WhileTheBusIsDown_Answers503AndBindsEveryNodeWithinALease()
    {
        var settings = (await SettingsAsync("redis")) with { Timeout = TimeSpan.FromMilliseconds(50) };
        await using var running = await RunningNodes.StartAsync(2, _ => settings, Lease);
        var nodes = running.All;
        var (id, secret) = await nodes[0].CreateAsync();
        Assert.That((await nodes[0].CallAsync(secret), await nodes[1].CallAsync(secret)), Is.EqualTo((200, 200)));
        await _redis!.KillAsync();
        using (var answer = await nodes[0].ChangeAsync("revoke", id))
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        }

        // One lease has passed, which is as long as the change was tried to be told.
        Assert.That((await nodes[0].CallAsync(secret), await nodes[1].CallAsync(secret)), Is.EqualTo((401, 401)));

        // A fresh server knows nobody, and must not be taken for a list without nodes.
        await _redis.RunAsync();
        var (other, otherSecret) = await nodes[0].CreateAsync();
        Assert.That(await nodes[1].CallAsync(otherSecret), Is.EqualTo(200));
        var done = HttpStatusCode.ServiceUnavailable;
        while (done == HttpStatusCode.ServiceUnavailable)
        {
            using var again = await nodes[0].ChangeAsync("revoke", other);
            done = again.StatusCode;
        }

        Assert.That(done, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await nodes[1].CallAsync(otherSecret), Is.EqualTo(401));
    }

    private async Task<NodeApp.Settings> SettingsAsync(string bus)
    {
        var settings = new NodeApp.Settings { PostgreSql = _postgreSql, Lease = Lease };
        if (bus == "postgresql")
        {
            return settings with { Backplane = _postgreSql };
        }

        _redis = await RedisConnectionFactory.StartAsync();
        return settings with { Redis = _redis.ConnectionString };
    }
}
