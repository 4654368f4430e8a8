using System.Collections.Concurrent;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Testing.Nodes;

public abstract partial class ApiKeyBusCarrierConformance
{
    /// <summary>A list that was only just begun may lack a node; it is not taken for whole before one and a half leases.</summary>
    [Test]
    public async Task Publish_OnAListJustBegun_IsAcknowledgedOnlyWhenItIsSureToLackNobody()
    {
        var began = TimeProvider.System.GetTimestamp();
        var published = await PublishAsync("one", "key");
        Assert.That((published.IsAlone, published.IsAcknowledged), Is.EqualTo((true, false)));
        await SettleAsync("one");
        Assert.That(TimeProvider.System.GetElapsedTime(began), Is.GreaterThanOrEqualTo(Lease * 1.5));
        var later = await PublishAsync("one", "key");
        Assert.That((later.IsAlone, later.IsAcknowledged), Is.EqualTo((true, true)));
    }

    /// <summary>A change counts as acted on once every other node beats with its position, and not before.</summary>
    [Test]
    public async Task IsAcknowledged_TwoOthers_OnlyOnceBothBeatWithThePosition()
    {
        await SettleAsync("one");
        var second = (await BeatAsync("two")).Position;
        var third = (await BeatAsync("three")).Position;
        var published = await PublishAsync("one", "key");
        Assert.That((published.IsAlone, published.IsAcknowledged), Is.EqualTo((false, false)));

        // Being told is not having acted.
        await BeatAsync("two", second);
        await BeatAsync("three", third);
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.False);
        await BeatAsync("two", published.Position);
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.False);
        await BeatAsync("three", published.Position);
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.True);
    }

    /// <summary>A node that acted on a later change has acted on the earlier one.</summary>
    [Test]
    public async Task IsAcknowledged_OtherIsFurther_IsTrue()
    {
        await SettleAsync("one");
        await BeatAsync("two");
        var earlier = await PublishAsync("one", "key_1");
        var later = await PublishAsync("one", "key_2");
        await BeatAsync("two", later.Position);
        Assert.That(await IsAcknowledgedAsync("one", earlier.Position), Is.True);
    }

    /// <summary>A node that lost what it knew begins anew, and has then acted on nothing.</summary>
    [Test]
    public async Task IsAcknowledged_OtherBeginsAnew_IsFalse()
    {
        await SettleAsync("one");
        var published = await PublishAsync("one", "key");
        await BeatAsync("two", published.Position);
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.True);
        await BeatAsync("two");
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.False);
    }

    /// <summary>A node that is silent for one and a half of its leases is gone, and one that leaves at once.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public async Task IsAcknowledged_OtherLeavesOrIsSilent_WaitsForItNoMore(bool leaves)
    {
        await SettleAsync("one");
        await BeatAsync("two");
        var silentSince = TimeProvider.System.GetTimestamp();
        var published = await PublishAsync("one", "key");
        Assert.That(published.IsAlone, Is.False);
        if (leaves)
        {
            await _carrier.LeaveAsync("two", default);
            Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.True);
        }

        var nodes = 2;
        while (nodes > 1)
        {
            await Task.Delay(Lease / 8);
            nodes = (await BeatAsync("one", published.Position)).Nodes;
            Assert.That(TimeProvider.System.GetElapsedTime(silentSince), Is.LessThan(Patience));
        }

        Assert.That(leaves || TimeProvider.System.GetElapsedTime(silentSince) >= Lease * 1.4, "it was given up too early");
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.True);
    }

    /// <summary>Who waits is told the longest lease there is, and waits for it.</summary>
    [Test]
    public async Task Publish_OtherHasALongerLease_TellsIt()
    {
        await SettleAsync("one");
        await BeatAsync("two", lease: Lease * 50);
        var published = await PublishAsync("one", "key");
        Assert.That(published.LongestLease, Is.EqualTo(Lease * 50));
        Assert.That(await IsAcknowledgedAsync("one", published.Position), Is.False);
    }

    /// <summary>Listeners are hinted at a change, and at the last node having acted on it.</summary>
    [Test]
    public async Task Listen_ChangeAndAcknowledgement_HintsAtBoth()
    {
        using var end = new CancellationTokenSource();
        var hints = new ConcurrentQueue<ApiKeyBusHint>();
        var listening = _carrier.ListenAsync(hints.Enqueue, end.Token);
        await SettleAsync("one");

        // Until the listener is there, hints go by.
        await EventuallyAsync(ApiKeyBusHint.Changed, async () => await PublishAsync("one", "key"));
        await EventuallyAsync(ApiKeyBusHint.Acknowledged, async () => await BeatAsync("one", (await PublishAsync("one", "key")).Position));
        await end.CancelAsync();
        Assert.That(async () => await listening, Throws.InstanceOf<OperationCanceledException>());

        async Task EventuallyAsync(ApiKeyBusHint hint, Func<Task> cause)
        {
            var began = TimeProvider.System.GetTimestamp();
            while (!hints.Contains(hint))
            {
                Assert.That(TimeProvider.System.GetElapsedTime(began), Is.LessThan(Patience), $"no hint at {hint}");
                await cause();
                await Task.Delay(20);
            }
        }
    }
}
