using System.Reflection;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Keys;
using ApiKeyAuth.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Caching;

public sealed class ApiKeyCacheBoundsTests
{
    [Test]
    public async Task Find_MoreKnownKeysThanMaximum_KeepsTheLastLoaded()
    {
        var store = new ScriptedStore([.. Enumerable.Range(0, 50).Select(index => CacheRig.Key($"k{index}", $"s{index}"))]);
        using var rig = new CacheRig(new ApiKeyCacheOptions { MaxKnownKeys = 10 }, store);
        for (var index = 0; index < 50; index++)
        {
            await rig.OutcomeAsync($"s{index}");
        }

        Assert.That(rig.Cache.KnownCount, Is.EqualTo(10));
        for (var index = 40; index < 50; index++)
        {
            Assert.That(await rig.OutcomeAsync($"s{index}"), Is.EqualTo($"k{index}"));
        }

        Assert.That(store.Calls, Is.EqualTo(50));
    }

    [Test]
    public async Task Find_FloodOfUnknownKeys_StaysBoundedAndEvictsNoKnownKey()
    {
        var store = new ScriptedStore([.. Enumerable.Range(0, 10).Select(index => CacheRig.Key($"k{index}", $"s{index}"))]);
        using var rig = new CacheRig(new ApiKeyCacheOptions { MaxKnownKeys = 10, MaxUnknownKeys = 20 }, store);
        for (var index = 0; index < 10; index++)
        {
            await rig.OutcomeAsync($"s{index}");
        }

        for (var index = 0; index < 1_000; index++)
        {
            Assert.That(await rig.OutcomeAsync($"flood{index}"), Is.EqualTo("unknown"));
            Assert.That(rig.Cache.UnknownCount, Is.LessThanOrEqualTo(20));
        }

        for (var index = 0; index < 10; index++)
        {
            Assert.That(await rig.OutcomeAsync($"s{index}"), Is.EqualTo($"k{index}"));
        }

        Assert.That(store.Calls, Is.EqualTo(10 + 1_000));
        Assert.That(rig.Cache.UnknownCount, Is.Positive);
    }

    [Test]
    public async Task Find_LoadsCompleted_NoneIsInFlight()
    {
        var store = new ScriptedStore(CacheRig.Key("k1", "s1"));
        using var rig = new CacheRig(store);
        await rig.OutcomeAsync("s1");
        await rig.OutcomeAsync("s2");
        store.IsDown = true;
        await rig.OutcomeAsync("s3");
        Assert.That(rig.Cache.LoadCount, Is.Zero);
    }

    [Test]
    public async Task Find_WarmKey_AllocatesNothing()
    {
        using var rig = new CacheRig(new ScriptedStore(CacheRig.Key("k1", "s1")));
        await rig.OutcomeAsync("s1");
        var found = 0;
        var allocated = Allocations.Of(() =>
        {
            found += rig.Cache.TryGet(SecretTag.Compute("s1"), rig.Clock.GetTimestamp(), out var lookup) && lookup.Key is not null ? 1 : 0;
        });
        Assert.That(allocated, Is.Zero);
        Assert.That(found, Is.EqualTo(300));
    }

    [Test]
    public async Task Find_WarmKeyWhileTheLockIsHeld_Completes()
    {
        using var rig = new CacheRig(new ScriptedStore(CacheRig.Key("k1", "s1")));
        await rig.OutcomeAsync("s1");
        var field = typeof(ApiKeyCache).GetField("_gate", BindingFlags.NonPublic | BindingFlags.Instance)!;
        var gate = (Lock)field.GetValue(rig.Cache)!;
        using var held = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var holder = Task.Factory.StartNew(
            () =>
            {
                lock (gate)
                {
                    held.Set();
                    release.Wait(CancellationToken.None);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        held.Wait(CancellationToken.None);
        try
        {
            Assert.That(CacheRig.Describe(await Task.Run(() => rig.FindAsync("s1")).WaitAsync(Eventually.Deadline)), Is.EqualTo("k1"));
        }
        finally
        {
            release.Set();
        }

        await holder;
    }

    [Test]
    public async Task Find_KeysWithEqualScopes_ShareSetsInTheSameOrder()
    {
        var store = new ScriptedStore(
            WithScopes("k1", "a", "b"), WithScopes("k2", "a", "b"), WithScopes("k3", "b", "a"));
        using var rig = new CacheRig(store);
        var first = (await rig.FindAsync("k1")).Key!;
        var second = (await rig.FindAsync("k2")).Key!;
        var third = (await rig.FindAsync("k3")).Key!;
        Assert.That(second.Key.Scopes, Is.SameAs(first.Key.Scopes));
        Assert.That(second.Scopes, Is.SameAs(first.Scopes));
        Assert.That(third.Key.Scopes, Is.EqualTo(new[] { "b", "a" }));
    }

    [Test]
    public void Intern_MoreDifferentScopesThanTheCapacity_ReturnsEqualScopes()
    {
        var catalog = new ScopeCatalog([new ScopeDefinition { Name = "a", Implies = ["b"] }, new ScopeDefinition { Name = "b" }]);
        var shared = new ScopeSetInterner(catalog);
        for (var round = 0; round < 2; round++)
        {
            for (var index = 0; index < 1_500; index++)
            {
                var (granted, expanded) = shared.Intern(ScopeSet.Create(["a", $"s{index}"]));
                Assert.That(granted, Is.EqualTo(new[] { "a", $"s{index}" }));
                Assert.That(expanded, Is.EquivalentTo(new[] { "a", "b", $"s{index}" }));
            }
        }
    }

    [TestCase("current", "p2")]
    [TestCase("retired", "p1")]
    [TestCase("plain", null)]
    public async Task Find_KeyStoredUnderAnyPepper_IsFound(string secret, string? pepperId)
    {
        var old = new ApiKeyPepper("p1", new byte[32], retired: true);
        var now = new ApiKeyPepper("p2", Enumerable.Repeat((byte)7, 32).ToArray());
        var stored = pepperId switch
        {
            "p1" => new ApiKeyHasher([new ApiKeyPepper("p1", new byte[32])]).Hash(secret),
            "p2" => new ApiKeyHasher([now]).Hash(secret),
            _ => new ApiKeyHasher([]).Hash(secret),
        };
        Assert.That(stored.PepperId, Is.EqualTo(pepperId));
        var store = new ScriptedStore(new ApiKey { Id = "k1", Secrets = [new ApiKeySecret { Hash = stored }] });
        Assert.That(await OutcomeAsync(acceptUnpeppered: true), Is.EqualTo("k1"));
        Assert.That(await OutcomeAsync(acceptUnpeppered: false), Is.EqualTo(pepperId is null ? "unknown" : "k1"));

        async Task<string> OutcomeAsync(bool acceptUnpeppered)
        {
            using var rig = new CacheRig(
                services => services.AddSingleton<IApiKeyStore>(store), hasher: new ApiKeyHasher([old, now], acceptUnpeppered));
            return await rig.OutcomeAsync(secret);
        }
    }

    private static ApiKey WithScopes(string id, params string[] scopes) => CacheRig.Key(id, id) with { Scopes = ScopeSet.Create(scopes) };
}
