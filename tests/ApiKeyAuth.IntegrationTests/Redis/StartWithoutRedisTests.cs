namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>Nodes that start while Redis is unavailable, so that they do not know of each other.</summary>
internal sealed class StartWithoutRedisTests
{
    private const int Nodes = 3;
    private const int Limit = 20;
    private const string Unknown = "so the number of nodes is unknown";

    [TestCase(Nodes, Limit / Nodes * Nodes, 0)]
    [TestCase(null, Limit * Nodes, Nodes)]
    public async Task Start_ThreeNodesWithoutRedis_ShareTheLimitOrWarnThatTheyDoNot(int? expected, int bound, int warnings)
    {
        using var log = new LogCapture();
        var connection = $"127.0.0.1:{FreePort.Find()},connectTimeout=300,connectRetry=1";
        var nodes = await Task.WhenAll(Enumerable.Range(0, Nodes).Select(
            _ => RedisNode.StartAsync(connection, options => options.ExpectedNodes = expected, nodes: null, log: log)));
        var admitted = 0;
        foreach (var node in nodes)
        {
            var subject = RedisNode.Subject($"{Limit}/hour");
            for (var check = 0; check < 2 * Limit; check++)
            {
                admitted += (await node.CheckAsync(subject)).IsAdmitted ? 1 : 0;
            }

            await node.DisposeAsync();
        }

        Assert.That(admitted, Is.EqualTo(bound));
        Assert.That(log.WarningMessages, Has.Exactly(warnings).Contains(Unknown));
    }

    [Test]
    public async Task Start_WithRedis_DoesNotWarnThatNodesAreUnknown()
    {
        await using var server = await RedisServer.StartAsync();
        using var log = new LogCapture();
        await using var node = await RedisNode.StartAsync(server.ConnectionString, nodes: null, log: log);
        Assert.That(log.WarningMessages, Has.None.Contains(Unknown));
    }
}
