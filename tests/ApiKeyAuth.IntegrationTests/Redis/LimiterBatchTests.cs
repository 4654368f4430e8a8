using StackExchange.Redis;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>
/// Concurrent checks are sent in one call if the server supports calls with several keys, and one call per key otherwise.
/// </summary>
internal sealed class LimiterBatchTests
{
    private const int Keys = 64;
    private const int ChecksPerKey = 20;

    [Test]
    public async Task Check_ManyKeysAtOnce_GoInFewCallsAndEachIsCharged()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await StartAsync(server.ConnectionString);
        Assert.That(await CountCallsAsync(server, () => SpendAsync(node)), Is.InRange(ChecksPerKey, Keys * ChecksPerKey / 2));
        await AssertEachIsChargedAsync(server.ConnectionString);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Check_OneKeyConcurrently_IsSentInFewCallsWithOneDecisionEach(bool isOneKeyPerCall)
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await StartAsync(server.ConnectionString, isOneKeyPerCall);
        var subject = RedisNode.Subject("10000/hour");
        long[][] remainingByKey = [];
        var calls = await CountCallsAsync(server, async () => remainingByKey = await Task.WhenAll(Enumerable.Range(0, Keys).Select(_ => Task.Run(async () =>
        {
            var mine = new long[ChecksPerKey];
            for (var check = 0; check < ChecksPerKey; check++)
            {
                mine[check] = (await node.CheckAsync(subject)).Remaining;
            }

            return mine;
        }))));
        Assert.That(calls, Is.InRange(ChecksPerKey, Keys * ChecksPerKey / 2));
        Assert.That(
            remainingByKey.SelectMany(remaining => remaining).OrderDescending(),
            Is.EqualTo(Enumerable.Range(1, Keys * ChecksPerKey).Select(spent => 10_000 - spent)));
    }

    [Test]
    public async Task Check_OneKeyPerCall_MakesACallForEachKey()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await StartAsync(server.ConnectionString, isOneKeyPerCall: true);
        Assert.That(await CountCallsAsync(server, () => SpendAsync(node)), Is.EqualTo(Keys * ChecksPerKey));
        await AssertEachIsChargedAsync(server.ConnectionString);
    }

    [Test]
    public async Task Check_Cluster_MakesACallForEachKey()
    {
        await using var server = await RedisServer.StartClusterAsync();
        using var log = new LogCapture();
        await using var node = await StartAsync(server.ConnectionString, log: log);
        Assert.That(await CountCallsAsync(server, () => SpendAsync(node)), Is.EqualTo(Keys * ChecksPerKey));
        await AssertEachIsChargedAsync(server.ConnectionString);
        Assert.That(log.WarningMessages, Is.Empty);
    }

    [Test]
    public async Task Check_ProxyThatSpreadsKeys_ChargesEachOnItsServer()
    {
        await using var first = await RedisServer.StartAsync();
        await using var second = await RedisServer.StartAsync();
        await using var proxy = await ShardingProxy.StartAsync(first, second);
        await using var node = await StartAsync(proxy.ConnectionString);
        await SpendAsync(node);
        await AssertEachIsChargedAsync(proxy.ConnectionString);
        Assert.That(await CountStatesAsync(first) + await CountStatesAsync(second), Is.EqualTo(Keys), "none is on both");
    }

    [Test]
    public async Task Check_ServerThatComesBackAsACluster_MakesACallForEachKeyFromThenOn()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await StartAsync(server.ConnectionString + ",connectTimeout=500");
        await SpendAsync(node);
        await server.KillAsync();
        Assert.That((await node.CheckAsync(RedisNode.Subject("1/hour", "during"))).IsAdmitted, Is.True);
        await server.RunAsClusterAsync();
        await using var other = await StartAsync(server.ConnectionString);
        await Eventually.IsTrueAsync(async () => (await other.CheckAsync(RedisNode.Subject("1/hour", "during"), 0)).Remaining == 0);
        Assert.That(await CountCallsAsync(server, () => SpendAsync(node)), Is.EqualTo(Keys * ChecksPerKey));
    }

    private static Task<RedisNode> StartAsync(string connectionString, bool isOneKeyPerCall = false, LogCapture? log = null) =>
        RedisNode.StartAsync(
        connectionString,
        options => (options.Timeout, options.RetryInterval, options.OneKeyPerCall) = (
            TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(50), isOneKeyPerCall),
        log: log);

    private static Task SpendAsync(RedisNode node) => Task.WhenAll(Enumerable.Range(0, Keys).Select(key => Task.Run(async () =>
    {
        var subject = RedisNode.Subject("1000/hour", $"key{key}");
        for (var check = 0; check < ChecksPerKey; check++)
        {
            Assert.That((await node.CheckAsync(subject)).Remaining, Is.EqualTo(999 - check));
        }
    })));

    private static async Task AssertEachIsChargedAsync(string connectionString)
    {
        await using var other = await StartAsync(connectionString, isOneKeyPerCall: true);
        for (var key = 0; key < Keys; key++)
        {
            Assert.That(
                (await other.CheckAsync(RedisNode.Subject("1000/hour", $"key{key}"), 0)).Remaining,
                Is.EqualTo(1000 - ChecksPerKey),
                $"key{key}");
        }
    }

    private static async Task<long> CountCallsAsync(RedisServer server, Func<Task> during)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString + ",allowAdmin=true");
        var before = await CountAsync();
        await during();
        return await CountAsync() - before;

        async Task<long> CountAsync()
        {
            var statistics = await connection.GetServers()[0].InfoAsync("commandstats");
            var evalsha = statistics.SelectMany(group => group).Single(line => line.Key == "cmdstat_evalsha").Value;
            return long.Parse(evalsha.Split('=', ',')[1], null);
        }
    }

    private static async Task<int> CountStatesAsync(RedisServer server)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        var count = 0;
        await foreach (var _ in connection.GetServers()[0].KeysAsync(pattern: "apikeyauth:limit:{key*"))
        {
            count++;
        }

        return count;
    }
}
