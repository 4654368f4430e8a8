using ApiKeyAuth.Caching;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Caching;

public sealed class ApiKeyCacheFreshnessTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Test]
    public async Task Find_KnownKey_LoadsAgainAfterSixtySeconds()
    {
        var store = new ScriptedStore(CacheRig.Key("k1", "s1"));
        using var rig = new CacheRig(store);
        await rig.OutcomeAsync("s1");
        rig.Clock.Advance(TimeSpan.FromSeconds(60) - Millisecond);
        await rig.OutcomeAsync("s1");
        Assert.That(store.Calls, Is.EqualTo(1));
        rig.Clock.Advance(Millisecond);
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
        Assert.That(store.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Find_UnknownKey_LoadsAgainAfterTenSeconds()
    {
        var store = new ScriptedStore();
        using var rig = new CacheRig(store);
        await rig.OutcomeAsync("s1");
        rig.Clock.Advance(TimeSpan.FromSeconds(10) - Millisecond);
        await rig.OutcomeAsync("s1");
        Assert.That(store.Calls, Is.EqualTo(1));
        rig.Clock.Advance(Millisecond);
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unknown"));
        Assert.That(store.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Find_KeyDeletedFromTheStore_IsUnknownAfterItsLifetime()
    {
        ApiKey? answer = CacheRig.Key("k1", "s1");
        var store = new ScriptedStore((_, _) => ValueTask.FromResult<ApiKey?>(answer));
        using var rig = new CacheRig(store);
        await rig.OutcomeAsync("s1");
        answer = null;
        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unknown"));
        store.IsDown = true;
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unavailable"), "a key that was found deleted is not served stale");
    }

    [Test]
    public async Task Find_StoreDown_ServesKnownKeyUntilMaxStalenessThenIsUnavailable()
    {
        var store = new ScriptedStore(CacheRig.Key("k1", "s1"));
        using var rig = new CacheRig(store);
        await rig.OutcomeAsync("s1");
        store.IsDown = true;
        rig.Clock.Advance(TimeSpan.FromSeconds(360) - Millisecond);
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
        Assert.That(rig.Log.Of(13), Has.Count.EqualTo(1));
        rig.Clock.Advance(Millisecond);
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unavailable"));
        Assert.That(store.Calls, Is.EqualTo(3));

        store.IsDown = false;
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"), "it recovers with the store");
    }

    [Test]
    public async Task Find_StoreDownWithinStaleness_LoadsOncePerStoreTimeout()
    {
        var store = new ScriptedStore(CacheRig.Key("k1", "s1"));
        using var rig = new CacheRig(store);
        await rig.OutcomeAsync("s1");
        store.IsDown = true;
        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        for (var tenth = 0; tenth < 60; tenth++)
        {
            Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
            rig.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(store.Calls, Is.EqualTo(1 + 3));
        store.IsDown = false;
        await rig.OutcomeAsync("s1");
        rig.Clock.Advance(TimeSpan.FromSeconds(59));
        await rig.OutcomeAsync("s1");
        Assert.That(store.Calls, Is.EqualTo(1 + 3 + 1), "once the store is available, the key has its usual lifetime");
    }

    [Test]
    public async Task Find_StoreDownAndKeyNotCached_IsUnavailableAndRecoversAtOnce()
    {
        var store = new ScriptedStore(CacheRig.Key("k1", "s1")) { IsDown = true };
        using var rig = new CacheRig(store);
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unavailable"));
        Assert.That(await rig.OutcomeAsync("s2"), Is.EqualTo("unavailable"));
        store.IsDown = false;
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
        Assert.That(await rig.OutcomeAsync("s2"), Is.EqualTo("unknown"));
    }

    [Test]
    public async Task Find_StoreDown_UnknownKeyExpires()
    {
        var store = new ScriptedStore();
        using var rig = new CacheRig(store);
        await rig.OutcomeAsync("s1");
        store.IsDown = true;
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unknown"));
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unavailable"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Find_KeyOrSecretExpiresSooner_IsFreshUntilThen(bool keyExpires)
    {
        var expiresAt = new TimerClock().GetUtcNow().AddSeconds(20);
        var key = CacheRig.Key("k1", "s1");
        key = keyExpires
            ? key with { ExpiresAt = new ApiKeyExpiry(expiresAt) }
            : key with { Secrets = [key.Secrets[0] with { ExpiresAt = expiresAt }] };
        var store = new ScriptedStore(key);
        using var rig = new CacheRig(store);
        await rig.OutcomeAsync("s1");
        rig.Clock.Advance(TimeSpan.FromSeconds(20) - Millisecond);
        await rig.OutcomeAsync("s1");
        Assert.That(store.Calls, Is.EqualTo(1));
        rig.Clock.Advance(Millisecond);
        await rig.OutcomeAsync("s1");
        Assert.That(store.Calls, Is.EqualTo(2));

        // An expired key is cached for the usual time.
        rig.Clock.Advance(TimeSpan.FromSeconds(59));
        await rig.OutcomeAsync("s1");
        Assert.That(store.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Find_NoLifetimes_LoadsEveryTime()
    {
        var store = new ScriptedStore(CacheRig.Key("k1", "s1"));
        var options = new ApiKeyCacheOptions
        {
            KnownKeyLifetime = TimeSpan.Zero,
            UnknownKeyLifetime = TimeSpan.Zero,
            MaxStaleness = TimeSpan.Zero,
        };
        using var rig = new CacheRig(options, store);
        for (var round = 0; round < 3; round++)
        {
            Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
            Assert.That(await rig.OutcomeAsync("s2"), Is.EqualTo("unknown"));
        }

        Assert.That(store.Calls, Is.EqualTo(6));
        store.IsDown = true;
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unavailable"));
    }

    [Test]
    public async Task Find_NoLifetimeButStaleness_ServesWhileTheStoreIsDown()
    {
        var store = new ScriptedStore(CacheRig.Key("k1", "s1"));
        using var rig = new CacheRig(new ApiKeyCacheOptions { KnownKeyLifetime = TimeSpan.Zero }, store);
        await rig.OutcomeAsync("s1");
        store.IsDown = true;
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
    }

    [Test]
    public async Task Find_ImpliedScopes_AreExpandedOnce()
    {
        var catalog = new ScopeCatalog([new ScopeDefinition { Name = "a", Implies = ["b"] }, new ScopeDefinition { Name = "b" }]);
        var store = new ScriptedStore(CacheRig.Key("k1", "s1") with { Scopes = ScopeSet.Create(["a"]) });
        using var rig = new CacheRig(services => services.AddSingleton<IApiKeyStore>(store), catalog: catalog);
        var first = (await rig.FindAsync("s1")).Key!;
        Assert.That(first.Scopes, Is.EquivalentTo(new[] { "a", "b" }));
        Assert.That(first.Key.Scopes, Is.EquivalentTo(new[] { "a" }));
        Assert.That((await rig.FindAsync("s1")).Key, Is.SameAs(first));
    }

    [Test]
    public async Task Find_SeveralStores_UsesTheFirstThatHasTheKey()
    {
        var first = new ScriptedStore(CacheRig.Key("first", "s1"));
        var second = new ScriptedStore(CacheRig.Key("second", "s1", "s2"));
        using var rig = new CacheRig(first, second);
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("first"));
        Assert.That(second.Calls, Is.Zero);
        Assert.That(await rig.OutcomeAsync("s2"), Is.EqualTo("second"));
        Assert.That(await rig.OutcomeAsync("s3"), Is.EqualTo("unknown"));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task Find_OneOfSeveralStoresDown_FindsKeysOfTheOtherOrIsUnavailable(bool firstIsDown, bool secondIsDown)
    {
        var known = CacheRig.Key("k1", "s1");
        var first = firstIsDown ? new ScriptedStore { IsDown = true } : new ScriptedStore(known);
        var second = secondIsDown ? new ScriptedStore { IsDown = true } : new ScriptedStore(known);
        using var rig = new CacheRig(first, second);
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
        Assert.That(await rig.OutcomeAsync("s2"), Is.EqualTo("unavailable"));
        Assert.That(await rig.OutcomeAsync("s2"), Is.EqualTo("unavailable"), "never cached as unknown");
    }

    [Test]
    public async Task Find_NoStore_IsUnknown()
    {
        using var rig = new CacheRig();
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unknown"));
    }
}
