using ApiKeyAuth.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace ApiKeyAuth.Tests.Stores.Nodes;

/// <summary>How many nodes a node knows of, by which the limits are divided in an outage.</summary>
internal sealed class NodeCountTests
{
    private readonly ApiKeyNodeOptions _options = new();

    [Test]
    public async Task Count_ListBegunAnew_KeepsTheLargerNumberUntilTheListIsComplete()
    {
        var clock = new FakeTimeProvider();
        var answer = new ApiKeyBusBeat { Position = "1:a", Nodes = 3, ChangedKeys = null };
        var carrier = new Mock<IApiKeyBusCarrier>(MockBehavior.Strict);
        carrier.Setup(bus => bus.BeatAsync(It.IsAny<string>(), _options.Lease, It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns(() => new ValueTask<ApiKeyBusBeat>(answer));
        var line = new BusLine(carrier.Object, _options, clock);
        var lease = new NodeLease(_options.Lease, clock);
        var node = new Node(line, Mock.Of<IApiKeyCache>(), lease, _options, clock, NullLogger<Node>.Instance);
        Assert.That(node.Count, Is.EqualTo(1));
        await node.BeatAsync();
        Assert.That(node.Count, Is.EqualTo(3));

        // The server was replaced by an empty one, and this node is the first to find it.
        answer = new ApiKeyBusBeat { Position = "1:b", Nodes = 1, ChangedKeys = null };
        await node.BeatAsync();
        Assert.That(node.Count, Is.EqualTo(3));
        answer = new ApiKeyBusBeat { Position = "1:b", Nodes = 2, ChangedKeys = [] };
        clock.Advance(_options.Lease);
        await node.BeatAsync();
        Assert.That(node.Count, Is.EqualTo(3));
        clock.Advance(_options.Lease);
        await node.BeatAsync();
        Assert.That(node.Count, Is.EqualTo(2));
        answer = new ApiKeyBusBeat { Position = "1:b", Nodes = 1, ChangedKeys = [] };
        await node.BeatAsync();
        Assert.That(node.Count, Is.EqualTo(1), "a node that leaves a complete list is counted out at once");
    }
}
