using System.Collections.Concurrent;
using ApiKeyAuth.Backplane;

namespace ApiKeyAuth.Conformance.Nodes;

public abstract partial class ApiKeyBackplaneConformance
{
    /// <summary>A new member list may be incomplete. It counts as complete after one and a half leases.</summary>
    [Test]
    public async Task Publish_NewMemberList_IsAcknowledgedOnlyOnceTheListIsComplete()
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        var published = await PublishAsync("one", "key");
        Assert.That((published.IsOnlyMember, published.IsAcknowledged), Is.EqualTo((true, false)));
        await JoinAsync("one");
        Assert.That(TimeProvider.System.GetElapsedTime(startedAt), Is.GreaterThanOrEqualTo(Lease * 1.5));
        var later = await PublishAsync("one", "key");
        Assert.That((later.IsOnlyMember, later.IsAcknowledged), Is.EqualTo((true, true)));
    }

    /// <summary>A change is acknowledged once every other node has sent a heartbeat with its position.</summary>
    [Test]
    public async Task IsAcknowledged_TwoOtherMembers_IsTrueOnlyAfterBothSendThePosition()
    {
        await JoinAsync("one");
        var second = (await HeartbeatAsync("two")).Position;
        var third = (await HeartbeatAsync("three")).Position;
        var published = await PublishAsync("one", "key");
        Assert.That((published.IsOnlyMember, published.IsAcknowledged), Is.EqualTo((false, false)));

        // Having received a change is not yet an acknowledgment.
        await HeartbeatAsync("two", second);
        await HeartbeatAsync("three", third);
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.False);
        await HeartbeatAsync("two", published.Position);
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.False);
        await HeartbeatAsync("three", published.Position);
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.True);
    }

    /// <summary>A node that acknowledges a later change has also acknowledged the earlier ones.</summary>
    [Test]
    public async Task IsAcknowledged_OtherMemberIsAhead_IsTrue()
    {
        await JoinAsync("one");
        await HeartbeatAsync("two");
        var earlier = await PublishAsync("one", "key_1");
        var later = await PublishAsync("one", "key_2");
        await HeartbeatAsync("two", later.Position);
        Assert.That(await IsAcknowledgedAsync("one", earlier.Position), Is.True);
    }

    /// <summary>A node that restarts without its position has acknowledged nothing.</summary>
    [Test]
    public async Task IsAcknowledged_OtherMemberRestarts_IsFalse()
    {
        await JoinAsync("one");
        var published = await PublishAsync("one", "key");
        await HeartbeatAsync("two", published.Position);
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.True);
        await HeartbeatAsync("two");
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.False);
    }

    /// <summary>A node is removed immediately when it leaves, and after one and a half leases without a heartbeat.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public async Task IsAcknowledged_OtherMemberLeavesOrExpires_NoLongerWaitsForIt(bool leaves)
    {
        await JoinAsync("one");
        await HeartbeatAsync("two");
        var silentSince = TimeProvider.System.GetTimestamp();
        var published = await PublishAsync("one", "key");
        Assert.That(published.IsOnlyMember, Is.False);
        if (leaves)
        {
            await _backplane.LeaveAsync("two", default);
            Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.True);
        }

        var nodes = 2;
        while (nodes > 1)
        {
            await Task.Delay(Lease / 8);
            nodes = (await HeartbeatAsync("one", published.Position)).MemberCount;
            Assert.That(TimeProvider.System.GetElapsedTime(silentSince), Is.LessThan(MaxWait));
        }

        Assert.That(leaves || TimeProvider.System.GetElapsedTime(silentSince) >= Lease * 1.4, "the member was removed too early");
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.True);
    }

    /// <summary>A caller who waits receives the longest lease of all nodes.</summary>
    [Test]
    public async Task Publish_OtherMemberHasALongerLease_ReturnsTheLongestLease()
    {
        await JoinAsync("one");
        await HeartbeatAsync("two", lease: Lease * 50);
        var published = await PublishAsync("one", "key");
        Assert.That(published.LongestLease, Is.EqualTo(Lease * 50));
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.False);
    }

    /// <summary>Listeners are notified of a change, and of the last acknowledgment.</summary>
    [Test]
    public async Task Listen_ChangeAndAcknowledgment_NotifiesOfBoth()
    {
        using var end = new CancellationTokenSource();
        var notifications = new ConcurrentQueue<ApiKeyBackplaneNotification>();
        var listening = _backplane.ListenAsync(notifications.Enqueue, end.Token);
        await JoinAsync("one");

        // Notifications are lost until the listener is ready.
        await EventuallyAsync(ApiKeyBackplaneNotification.Invalidation, async () => await PublishAsync("one", "key"));
        await EventuallyAsync(
            ApiKeyBackplaneNotification.Acknowledgment,
            async () => await HeartbeatAsync("one", (await PublishAsync("one", "key")).Position));
        await end.CancelAsync();
        Assert.That(async () => await listening, Throws.InstanceOf<OperationCanceledException>());

        async Task EventuallyAsync(ApiKeyBackplaneNotification expected, Func<Task> cause)
        {
            var startedAt = TimeProvider.System.GetTimestamp();
            while (!notifications.Contains(expected))
            {
                Assert.That(TimeProvider.System.GetElapsedTime(startedAt), Is.LessThan(MaxWait), $"no notification of {expected}");
                await cause();
                await Task.Delay(20);
            }
        }
    }
}
