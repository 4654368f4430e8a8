using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>How many nodes a node knows of, by which the limits are divided in an outage.</summary>
internal sealed class NodeCountTests
{
    private readonly ApiKeyBackplaneOptions _options = new();

    [Test]
    public async Task Count_ListBegunAnew_KeepsTheLargerNumberUntilTheListIsComplete()
    {
        var clock = new FakeTimeProvider();
        var answer = new HeartbeatResult { Position = "1:a", MemberCount = 3, ChangedKeyIds = null };
        var carrier = new Mock<IApiKeyBackplane>(MockBehavior.Strict);
        carrier.Setup(bus => bus.SendHeartbeatAsync(It.IsAny<string>(), _options.Lease, It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns(() => new ValueTask<HeartbeatResult>(answer));
        var line = new BackplaneClient(carrier.Object, _options, clock);
        var lease = new CacheLease(_options.Lease, clock);
        var node = new BackplaneMember(line, Mock.Of<IApiKeyCache>(), lease, _options, clock, NullLogger<BackplaneMember>.Instance);
        Assert.That(node.MemberCount, Is.EqualTo(1));
        await node.SendHeartbeatAsync();
        Assert.That(node.MemberCount, Is.EqualTo(3));

        // The server was replaced by an empty one, and this node is the first to find it.
        answer = new HeartbeatResult { Position = "1:b", MemberCount = 1, ChangedKeyIds = null };
        await node.SendHeartbeatAsync();
        Assert.That(node.MemberCount, Is.EqualTo(3));
        answer = new HeartbeatResult { Position = "1:b", MemberCount = 2, ChangedKeyIds = [] };
        clock.Advance(_options.Lease);
        await node.SendHeartbeatAsync();
        Assert.That(node.MemberCount, Is.EqualTo(3));
        clock.Advance(_options.Lease);
        await node.SendHeartbeatAsync();
        Assert.That(node.MemberCount, Is.EqualTo(2));
        answer = new HeartbeatResult { Position = "1:b", MemberCount = 1, ChangedKeyIds = [] };
        await node.SendHeartbeatAsync();
        Assert.That(node.MemberCount, Is.EqualTo(1), "a node that leaves a complete list is counted out at once");
    }
}
