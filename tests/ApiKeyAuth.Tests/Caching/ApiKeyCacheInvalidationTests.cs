using ApiKeyAuth.Caching;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Caching;

public sealed class ApiKeyCacheInvalidationTests
{
    [Test]
    public async Task Invalidate_KeyWithTwoSecrets_DropsBothAndNoOther()
    {
        var store = new ScriptedStore(CacheRig.Key("k1", "s1", "s2"), CacheRig.Key("k2", "s3"));
        using var rig = new CacheRig(store);
        await FindAllAsync(rig);
        rig.Cache.Invalidate("k1");
        await FindAllAsync(rig);
        Assert.That(store.Calls, Is.EqualTo(3 + 2));

        static async Task FindAllAsync(CacheRig rig)
        {
            Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
            Assert.That(await rig.OutcomeAsync("s2"), Is.EqualTo("k1"));
            Assert.That(await rig.OutcomeAsync("s3"), Is.EqualTo("k2"));
        }
    }

    [Test]
    public async Task Invalidate_LoadInFlight_CompletesItsWaitersAndIsNotCached()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var before = rig.FindAsync("s1");
        var old = await store.NextAsync();
        rig.Cache.Invalidate("k1");

        var after = rig.FindAsync("s1");
        var now = await store.NextAsync();
        now.Answer(CacheRig.Key("k1", "s1") with { Name = "now" });
        Assert.That((await after).Key!.Key.Name, Is.EqualTo("now"));
        old.Answer(CacheRig.Key("k1", "s1") with { Name = "old" });
        Assert.That((await before).Key!.Key.Name, Is.EqualTo("old"));
        Assert.That((await rig.FindAsync("s1")).Key!.Key.Name, Is.EqualTo("now"));
        Assert.That(store.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Invalidate_OldLoadCompletesFirst_LaterCallersJoinTheNewOne()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var before = rig.FindAsync("s1");
        var old = await store.NextAsync();
        rig.Cache.Invalidate("k1");
        var after = rig.FindAsync("s1");
        var now = await store.NextAsync();
        old.Answer(CacheRig.Key("k1", "s1"));
        await before;

        var later = rig.FindAsync("s1");
        Assert.That((after.IsCompleted, later.IsCompleted), Is.EqualTo((false, false)));
        now.Answer(null);
        Assert.That((CacheRig.Describe(await after), CacheRig.Describe(await later)), Is.EqualTo(("unknown", "unknown")));
        Assert.That(store.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Invalidate_LoadInFlightFoundNothing_DoesNotHideTheIssuedKey()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var before = rig.FindAsync("s1");
        var old = await store.NextAsync();
        rig.Cache.Invalidate("k1");
        old.Answer(null);
        Assert.That(CacheRig.Describe(await before), Is.EqualTo("unknown"));
        var after = rig.FindAsync("s1");
        (await store.NextAsync()).Answer(CacheRig.Key("k1", "s1"));
        Assert.That(CacheRig.Describe(await after), Is.EqualTo("k1"));
    }

    [Test]
    public async Task Invalidate_LoadInFlightFoundNothing_DoesNotDropTheNewRecord()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var before = rig.FindAsync("s1");
        var old = await store.NextAsync();
        rig.Cache.Invalidate("k1");
        var after = rig.FindAsync("s1");
        (await store.NextAsync()).Answer(CacheRig.Key("k1", "s1"));
        await after;
        old.Answer(null);
        await before;
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
        Assert.That(store.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Invalidate_UnknownKeys_AreRemovedSoThatAnIssuedKeyIsAccepted()
    {
        var store = new InMemoryApiKeyStore();
        using var rig = new CacheRig(store);
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unknown"));
        await store.AddAsync(
            CacheRig.Key("k1", "s1"),
            [],
            new() { Id = Guid.Empty, At = default, Action = "test", KeyId = "k1", Actor = "test", Changes = "{}" },
            CancellationToken.None);
        rig.Cache.Invalidate("k1");
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
    }

    [Test]
    public async Task Invalidate_StoreDown_OldRecordIsNotServed()
    {
        var store = new ScriptedStore(CacheRig.Key("k1", "s1"));
        using var rig = new CacheRig(store);
        await rig.OutcomeAsync("s1");
        store.IsDown = true;
        rig.Cache.Invalidate("k1");
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unavailable"));
    }

    // A change of one key must not make another key unavailable while the store is down.
    [Test]
    public async Task Invalidate_OtherKeyWhileALoadFails_StaleRecordIsStillServed()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var first = rig.FindAsync("s1");
        (await store.NextAsync()).Answer(CacheRig.Key("k1", "s1"));
        await first;
        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        var second = rig.FindAsync("s1");
        var call = await store.NextAsync();
        rig.Cache.Invalidate("k2");
        call.Fail();
        Assert.That(CacheRig.Describe(await second), Is.EqualTo("k1"));
    }

    [Test]
    public async Task Invalidate_OldLoadFailsAfterTheNewOne_FreshRecordKeepsItsTime()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var before = rig.FindAsync("s1");
        var old = await store.NextAsync();
        rig.Cache.Invalidate("k1");
        var after = rig.FindAsync("s1");
        (await store.NextAsync()).Answer(CacheRig.Key("k1", "s1"));
        await after;
        old.Fail();
        await before;
        rig.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
        Assert.That(store.Calls, Is.EqualTo(2));
        Assert.That(rig.Log.Of(13), Is.Empty);
    }

    [Test]
    public async Task InvalidateAll_KnownUnknownAndInFlight_AreRemoved()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var known = rig.FindAsync("s1");
        (await store.NextAsync()).Answer(CacheRig.Key("k1", "s1"));
        await known;
        var unknown = rig.FindAsync("s2");
        (await store.NextAsync()).Answer(null);
        await unknown;
        var before = rig.FindAsync("s3");
        var inFlight = await store.NextAsync();

        rig.Cache.InvalidateAll();
        inFlight.Answer(CacheRig.Key("k3", "s3"));
        Assert.That(CacheRig.Describe(await before), Is.EqualTo("k3"));
        foreach (var secret in new[] { "s1", "s2", "s3" })
        {
            var lookup = rig.FindAsync(secret);
            (await store.NextAsync()).Answer(null);
            Assert.That(CacheRig.Describe(await lookup), Is.EqualTo("unknown"));
        }
    }

    // A suspended node resumes: its first lookup runs at the same time as the heartbeat that delivers the change and renews the lease.
    [Test]
    public async Task Invalidate_LeaseRenewedDuringALookup_OldRecordIsNotServed()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(services => services.AddSingleton<IApiKeyStore>(store).AddSingleton(
            CacheLease (provider) => new SteppedLease(provider.GetRequiredService<TimeProvider>())));
        var lease = (SteppedLease)rig.Services.GetRequiredService<CacheLease>();
        lease.Renew(rig.Clock.GetTimestamp());
        var before = rig.FindAsync("s1");
        (await store.NextAsync()).Answer(CacheRig.Key("k1", "s1"));
        Assert.That(CacheRig.Describe(await before), Is.EqualTo("k1"));
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"), "from the cache");

        rig.Clock.Advance(TimeSpan.FromSeconds(6));
        lease.BeforeNextCheck = () =>
        {
            rig.Cache.Invalidate("k1");
            lease.Renew(rig.Clock.GetTimestamp());
        };
        var after = rig.FindAsync("s1");
        Assert.That(after.IsCompleted, Is.False, "the store is queried");
        (await store.NextAsync()).Answer(null);
        Assert.That(CacheRig.Describe(await after), Is.EqualTo("unknown"));
    }

    [Test]
    public void Invalidate_UnknownKeyOrNull_DoesNothingOrThrows()
    {
        using var rig = new CacheRig();
        Assert.That(() => rig.Cache.Invalidate("none"), Throws.Nothing);
        Assert.That(() => rig.Cache.Invalidate(null!), Throws.ArgumentNullException);
    }

    /// <summary>Represents a lease that runs code before a check, as if the checking thread had been suspended.</summary>
    private sealed class SteppedLease(TimeProvider clock) : CacheLease(TimeSpan.FromSeconds(5), clock)
    {
        /// <summary>Gets or sets the code to run once before the next check.</summary>
        public Action? BeforeNextCheck { get; set; }

        public override bool IsHeld(long now)
        {
            var before = BeforeNextCheck;
            BeforeNextCheck = null;
            before?.Invoke();
            return base.IsHeld(now);
        }
    }
}
