using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>A replica becomes the primary, and the former primary becomes a replica that keeps its connections.</summary>
internal sealed class FailoverTests
{
    private RedisServer _first = null!;
    private RedisServer _second = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _first = await RedisServer.StartAsync();
        _second = await RedisServer.StartAsync("--replicaof", $"127.0.0.1 {_first.Port}");
        await InfoAsync(_second, "master_link_status:up");
    }

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var server in (RedisServer?[])[_first, _second])
        {
            await (server?.DisposeAsync() ?? default);
        }
    }

    [TestCase(1)]
    [TestCase(2, Category = "Long")]
    public async Task Failover_BehindOneName_LimiterAndBackplaneFindThePrimary(int times)
    {
        await using var forwarder = new Forwarder(_first.Port);
        using var log = new LogCapture();
        await using var node = await RedisNode.StartAsync(forwarder.ConnectionString, log: log);
        await ExpectDecidedByAsync(node, _first);
        for (var time = 0; time < times; time++)
        {
            var (from, to) = time == 0 ? (_first, _second) : (_second, _first);
            forwarder.Server = to.Port;
            await SwapAsync(from, to);
            await ExpectDecidedByAsync(node, to);
            Assert.That(log.WarningMessages, Has.Exactly(time + 1).Contains("A new connection to the primary is in use"));
        }

        // The new connection has a subscription too.
        await using var other = await RedisNode.StartAsync(forwarder.ConnectionString);
        Assert.That(await other.Services.GetRequiredService<IApiKeyInvalidator>().InvalidateAsync("key"), Is.True);
        Assert.That(await SubscribersAsync(times == 1 ? _second : _first), Is.EqualTo(2));
    }

    [Test]
    public async Task Failover_WithBothServersListed_LimiterAndBackplaneFindThePrimaryOverTheSameConnection()
    {
        using var log = new LogCapture();
        await using var node = await RedisNode.StartAsync($"{_first.ConnectionString},{_second.ConnectionString}", log: log);
        await ExpectDecidedByAsync(node, _first);
        await SwapAsync(_first, _second);
        await ExpectDecidedByAsync(node, _second);
        Assert.That(log.WarningMessages, Has.Exactly(1).Contains("A primary was found among the servers"));
    }

    [Test]
    [Category("Long")]
    public async Task Failover_BySentinel_LimiterAndBackplaneFindThePrimary()
    {
        await using var sentinel = await Sentinel.StartAsync(_first);
        await using var node = await RedisNode.StartAsync(sentinel.ConnectionString);
        await ExpectDecidedByAsync(node, _first);
        await sentinel.FailOverAsync();
        await ExpectDecidedByAsync(node, _second);
    }

    [Test]
    public async Task Failover_OverTheAppsOwnConnection_SaysThatOnlyTheAppCanReplaceIt()
    {
        await using var forwarder = new Forwarder(_first.Port);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(forwarder.ConnectionString);
        using var log = new LogCapture();
        await using var node = await RedisNode.StartAsync(builder => builder.AddRedis(connection), log: log);
        await ExpectDecidedByAsync(node, _first);
        forwarder.Server = _second.Port;
        await SwapAsync(_first, _second);
        await Eventually.IsTrueAsync(async () =>
        {
            await node.CheckAsync(RedisNode.Subject("1000000/hour"));
            return log.WarningMessages.Any(line => line.Contains("only the app can replace it", StringComparison.Ordinal));
        });
        Assert.That(log.WarningMessages, Has.Exactly(1).Contains("only the app can replace it"));
        Assert.That(connection.IsConnected, "the app's connection is left as it is");
    }

    [Test]
    public async Task Failover_OldPrimaryStillDown_KeepsTryingUntilThereIsOne()
    {
        await using var forwarder = new Forwarder(_first.Port);
        await using var node = await RedisNode.StartAsync(forwarder.ConnectionString);
        await ExpectDecidedByAsync(node, _first);

        // For a while both servers are replicas, so there is only a missing primary.
        var accepted = forwarder.Accepted;
        await ExecuteAsync(_first, "REPLICAOF", "127.0.0.1", _second.Port);
        await Eventually.IsTrueAsync(async () =>
        {
            await node.CheckAsync(RedisNode.Subject("1000000/hour"));
            return forwarder.Accepted >= accepted + 4;
        });
        await ExecuteAsync(_second, "REPLICAOF", "NO", "ONE");
        forwarder.Server = _second.Port;
        await ExpectDecidedByAsync(node, _second);
    }

    /// <summary>Makes the second server the primary and the first its replica, like a managed service: no connection is closed.</summary>
    private static async Task SwapAsync(RedisServer from, RedisServer to)
    {
        await ExecuteAsync(to, "REPLICAOF", "NO", "ONE");
        await ExecuteAsync(from, "REPLICAOF", "127.0.0.1", to.Port);
        await InfoAsync(from, "master_link_status:up");
    }

    /// <summary>Waits until a check is charged and a change is published on a server.</summary>
    /// <remarks>The limit is larger than the number of checks: a rejection would be cached, and then no check would reach a server.</remarks>
    private static async Task ExpectDecidedByAsync(RedisNode node, RedisServer server)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        var id = Guid.NewGuid().ToString("N");
        await Eventually.IsTrueAsync(async () =>
        {
            await node.CheckAsync(RedisNode.Subject("1000000/hour", id));
            return await connection.GetDatabase().KeyExistsAsync($"apikeyauth:limit:{{{id}}}");
        });
        var backplane = node.Services.GetRequiredService<IApiKeyBackplane>();
        await Eventually.IsTrueAsync(async () =>
        {
            try
            {
                await backplane.PublishAsync("test", TimeSpan.FromSeconds(5), id, default);
            }
            catch (RedisException)
            {
                return false;
            }

            var changes = await connection.GetDatabase().HashValuesAsync("apikeyauth:backplane");
            return changes.Any(change => $"{change}".Contains(id, StringComparison.Ordinal));
        });
    }

    private static async Task<long> SubscribersAsync(RedisServer server)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString + ",allowAdmin=true");
        return connection.GetServers()[0].SubscriptionSubscriberCount(RedisChannel.Literal("apikeyauth:backplane"));
    }

    private static Task InfoAsync(RedisServer server, string line) =>
        Eventually.IsTrueAsync(async () => (await ExecuteAsync(server, "INFO", "replication")).Contains(line, StringComparison.Ordinal));

    private static async Task<string> ExecuteAsync(RedisServer server, string command, params object[] arguments)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString + ",allowAdmin=true");
        return $"{await connection.GetServers()[0].ExecuteAsync(command, arguments)}";
    }
}
