using System.Diagnostics;
using System.Net;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.IntegrationTests.Redis;
using ApiKeyAuth.IntegrationTests.Stores;
using ApiKeyAuth.IntegrationTests.Stores.Faults;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>
/// Tests real nodes under load: once a change has returned 2xx, no node admits a request by the old rights, despite faults of the backplane
/// and the nodes.
/// </summary>
[Category("Long"), Parallelizable(ParallelScope.All), FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RevocationNodesTests
{
    private static readonly string[] Changes = ["revoke", "delete", "disable", "narrow", "rotate"];
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private RedisServer? _redis;
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

    [TestCase("redis", 4)]
    [TestCase("postgresql", 2)]
    public async Task EveryChange_NodesUnderLoad_NoneAdmitsByOldRightsAfterTheResponse(string backplane, int count)
    {
        const int Rounds = 2;
        var settings = await SettingsAsync(backplane);
        await using var running = await RunningNodes.StartAsync(
            count, node => settings with { Ahead = TimeSpan.FromSeconds(node == 1 ? 90 : 0) }, Lease);
        var nodes = running.All;
        for (var round = 0; round < Rounds * Changes.Length; round++)
        {
            var change = Changes[round % Changes.Length];
            var (id, secret) = await nodes[0].CreateAsync();
            await using var load = new NodeLoad(nodes, secret);
            await load.WaitForAdmissionsAsync();
            var watch = Stopwatch.StartNew();
            using var response = await nodes[round % count].ChangeAsync(change, id);
            var elapsed = watch.Elapsed;
            load.Mark();
            Assert.That((int)response.StatusCode, Is.InRange(200, 299), $"{change}: {await response.Content.ReadAsStringAsync()}");
            Assert.That(response.Headers.GetValues("API-Key-Change-Reach"), Is.EqualTo(new[] { "nodes=all" }));
            var (sent, admitted) = await load.CountAfterMarkAsync(count * 10);
            TestContext.Out.WriteLine(
                $"{change}: completed after {elapsed.TotalMilliseconds:F0} ms; of {sent} later requests {admitted} were admitted.");
            Assert.That(admitted, Is.Zero, change);
        }
    }

    [TestCase("redis")]
    [TestCase("postgresql")]
    public async Task Change_NodeSuspended_CompletesWithinALeaseAndBindsItWhenItResumes(string backplane)
    {
        var settings = await SettingsAsync(backplane);
        await using var running = await RunningNodes.StartAsync(2, _ => settings, Lease);
        var nodes = running.All;
        var (id, secret) = await nodes[0].CreateAsync();
        Assert.That(await nodes[1].CallAsync(secret), Is.EqualTo(200));
        await nodes[1].SignalAsync("STOP");
        var watch = Stopwatch.StartNew();
        using var response = await nodes[0].ChangeAsync("revoke", id);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        TestContext.Out.WriteLine($"Completed after {watch.Elapsed.TotalSeconds:F1} s.");

        // Sent while the node is suspended, so that it processes them first when it resumes.
        var calls = Enumerable.Range(0, 5).Select(_ => nodes[1].CallAsync(secret)).ToList();
        await nodes[1].SignalAsync("CONT");
        Assert.That(await Task.WhenAll(calls), Is.All.EqualTo(401));
    }

    [TestCase("redis")]
    [TestCase("postgresql")]
    public async Task Change_NodeDisconnectedFromTheBackplane_CompletesAndTheNodeQueriesTheStore(string backplane)
    {
        var settings = await SettingsAsync(backplane);
        await using var proxy = new SlowProxy(backplane == "redis" ? _redis!.Port : new NpgsqlConnectionStringBuilder(_postgreSql).Port);
        var disconnected = backplane == "redis"
            ? settings with { Redis = $"127.0.0.1:{proxy.Port}", Timeout = TimeSpan.FromMilliseconds(50) }
            : settings with { Backplane = new NpgsqlConnectionStringBuilder(_postgreSql) { Port = proxy.Port }.ConnectionString };
        await using var running = await RunningNodes.StartAsync(2, node => node == 1 ? disconnected : settings, Lease);
        var nodes = running.All;
        var (id, secret) = await nodes[0].CreateAsync();
        Assert.That(await nodes[1].CallAsync(secret), Is.EqualTo(200));
        await using var load = new NodeLoad(nodes, secret);
        await load.WaitForAdmissionsAsync();
        proxy.Hold();
        using var response = await nodes[0].ChangeAsync("revoke", id);
        load.Mark();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await load.CountAfterMarkAsync(40)).Admitted, Is.Zero);

        // The disconnected node still serves requests from the store, and publishes its change as soon as it can.
        var (other, otherSecret) = await nodes[0].CreateAsync();
        Assert.That(await nodes[1].CallAsync(otherSecret), Is.EqualTo(200));
        using var failed = await nodes[1].ChangeAsync("revoke", other);
        Assert.That(failed.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), "it cannot determine whether others hold leases");
        Assert.That(await nodes[1].CallAsync(otherSecret), Is.EqualTo(401));
        proxy.Release();
        while (await nodes[0].CallAsync(otherSecret) != 401)
        {
            await Task.Delay(20);
        }
    }

    [Test]
    public async Task Change_BackplaneDown_Is503AndBindsEveryNodeWithinALease()
    {
        var settings = (await SettingsAsync("redis")) with { Timeout = TimeSpan.FromMilliseconds(50) };
        await using var running = await RunningNodes.StartAsync(2, _ => settings, Lease);
        var nodes = running.All;
        var (id, secret) = await nodes[0].CreateAsync();
        Assert.That((await nodes[0].CallAsync(secret), await nodes[1].CallAsync(secret)), Is.EqualTo((200, 200)));
        await _redis!.KillAsync();
        using (var response = await nodes[0].ChangeAsync("revoke", id))
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        }

        // One lease has passed, because publishing was retried for that long.
        Assert.That((await nodes[0].CallAsync(secret), await nodes[1].CallAsync(secret)), Is.EqualTo((401, 401)));

        // A new server has an empty list of nodes, which must not be treated as complete.
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

    private async Task<NodeApp.Settings> SettingsAsync(string backplane)
    {
        var settings = new NodeApp.Settings { PostgreSql = _postgreSql, Lease = Lease };
        if (backplane == "postgresql")
        {
            return settings with { Backplane = _postgreSql };
        }

        _redis = await RedisServer.StartAsync();
        return settings with { Redis = _redis.ConnectionString };
    }
}
