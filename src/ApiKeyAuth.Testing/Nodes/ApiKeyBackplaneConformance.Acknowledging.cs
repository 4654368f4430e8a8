using System.Collections.Concurrent;
using ApiKeyAuth.Backplane;

namespace ApiKeyAuth.Testing.Nodes;

public abstract partial class ApiKeyBackplaneConformance
{
    /// <summary>A list that was only just begun may lack a node; it is not taken for whole before one and a half leases.</summary>
    [Test]
    public async Task Publish_NewMemberList_IsAcknowledgedOnlyOnceTheListIsComplete()
    {
        var began = TimeProvider.System.GetTimestamp();
        var published = await PublishAsync("one", "key");
        Assert.That((published.IsOnlyMember, published.IsAcknowledged), Is.EqualTo((true, false)));
        await JoinAsync("one");
        Assert.That(TimeProvider.System.GetElapsedTime(began), Is.GreaterThanOrEqualTo(Lease * 1.5));
        var later = await PublishAsync("one", "key");
        Assert.That((later.IsOnlyMember, later.IsAcknowledged), Is.EqualTo((true, true)));
    }

    /// <summary>A change counts as acted on once every other node beats with its position, and not before.</summary>
    [Test]
    public async Task IsAcknowledged_TwoOtherMembers_IsTrueOnlyAfterBothSendThePosition()
    {
        await JoinAsync("one");
        var second = (await HeartbeatAsync("two")).Position;
        var third = (await HeartbeatAsync("three")).Position;
        var published = await PublishAsync("one", "key");
        Assert.That((published.IsOnlyMember, published.IsAcknowledged), Is.EqualTo((false, false)));

        // Being told is not having acted.
        await HeartbeatAsync("two", second);
        await HeartbeatAsync("three", third);
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.False);
        await HeartbeatAsync("two", published.Position);
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.False);
        await HeartbeatAsync("three", published.Position);
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.True);
    }

    /// <summary>A node that acted on a later change has acted on the earlier one.</summary>
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

    /// <summary>A node that lost what it knew begins anew, and has then acted on nothing.</summary>
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

    /// <summary>A node that is silent for one and a half of its leases is gone, and one that leaves at once.</summary>
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

        Assert.That(leaves || TimeProvider.System.GetElapsedTime(silentSince) >= Lease * 1.4, "it was given up too early");
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.True);
    }

    /// <summary>Who waits is told the longest lease there is, and waits for it.</summary>
    [Test]
    public async Task Publish_OtherMemberHasALongerLease_ReturnsTheLongestLease()
    {
        await JoinAsync("one");
        await HeartbeatAsync("two", lease: Lease * 50);
        var published = await PublishAsync("one", "key");
        Assert.That(published.LongestLease, Is.EqualTo(Lease * 50));
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.False);
    }

    /// <summary>Listeners are hinted at a change, and at the last node having acted on it.</summary>
    [Test]
    public async Task Listen_ChangeAndAcknowledgment_NotifiesOfBoth()
    {
        using var end = new CancellationTokenSource();
        var hints = new ConcurrentQueue<ApiKeyBackplaneNotification>();
        var listening = _backplane.ListenAsync(hints.Enqueue, end.Token);
        await JoinAsync("one");

        // Until the listener is there, hints go by.
        await EventuallyAsync(ApiKeyBackplaneNotification.Invalidation, async () => await PublishAsync("one", "key"));
        await EventuallyAsync(ApiKeyBackplaneNotification.Acknowledgment, async () => await HeartbeatAsync("one", (await PublishAsync("one", "key")).Position));
        await end.CancelAsync();
        Assert.That(async () => await listening, Throws.InstanceOf<OperationCanceledException>());

        async Task EventuallyAsync(ApiKeyBackplaneNotification hint, Func<Task> cause)
        {
            var began = TimeProvider.System.GetTimestamp();
            while (!hints.Contains(hint))
            {
                Assert.That(TimeProvider.System.GetElapsedTime(began), Is.LessThan(MaxWait), $"no hint at {hint}");
                await cause();
                await Task.Delay(20);
            }
        }
    }
}
