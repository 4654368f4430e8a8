using ApiKeyAuth.Backplane;
using ApiKeyAuth.Backplane.Membership;
using ApiKeyAuth.Caching;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Tests the number of members, by which limits are divided during an outage.</summary>
internal sealed class BackplaneMemberTests
{
    private readonly ApiKeyBackplaneOptions _options = new();

    [Test]
    public async Task MemberCount_ServerReplaced_KeepsTheLargerNumberUntilTheListIsComplete()
    {
        var clock = new FakeTimeProvider();
        var response = new HeartbeatResult { Position = "1:a", MemberCount = 3, ChangedKeyIds = null };
        var backplane = new Mock<IApiKeyBackplane>(MockBehavior.Strict);
        backplane.Setup(
            mock => mock.SendHeartbeatAsync(It.IsAny<string>(), _options.Lease, It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns(() => new ValueTask<HeartbeatResult>(response));
        var client = new BackplaneClient(backplane.Object, _options, clock);
        var lease = new CacheLease(_options.Lease, clock);
        var member = new BackplaneMember(
            client,
            Mock.Of<IApiKeyCache>(),
            lease,
            _options,
            new MemberCountRecorder(null, new(), clock, NullLogger<MemberCountRecorder>.Instance),
            clock,
            NullLogger<BackplaneMember>.Instance);
        Assert.That(member.MemberCount, Is.EqualTo(1));
        await member.SendHeartbeatAsync();
        Assert.That(member.MemberCount, Is.EqualTo(3));

        // The server was replaced by an empty one.
        response = new HeartbeatResult { Position = "1:b", MemberCount = 1, ChangedKeyIds = null };
        await member.SendHeartbeatAsync();
        Assert.That(member.MemberCount, Is.EqualTo(3));
        response = new HeartbeatResult { Position = "1:b", MemberCount = 2, ChangedKeyIds = [] };
        clock.Advance(_options.Lease);
        await member.SendHeartbeatAsync();
        Assert.That(member.MemberCount, Is.EqualTo(3));
        clock.Advance(_options.Lease);
        await member.SendHeartbeatAsync();
        Assert.That(member.MemberCount, Is.EqualTo(2));
        response = new HeartbeatResult { Position = "1:b", MemberCount = 1, ChangedKeyIds = [] };
        await member.SendHeartbeatAsync();
        Assert.That(member.MemberCount, Is.EqualTo(1), "a member that leaves a complete list no longer counts");
    }
}
