using System.Diagnostics;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace ApiKeyAuth.Tests.Caching;

public sealed class ApiKeyCacheLoadTests
{
    private static readonly AsyncLocal<string?> Ambient = new();

    [Test]
    public async Task Find_TwoHundredCallersOfOneKey_CallsTheStoreOnce()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var callers = Enumerable.Range(0, 200).Select(_ => Task.Run(() => rig.FindAsync("s1"))).ToArray();
        var call = await store.NextAsync();
        call.Answer(CacheRig.Key("k1", "s1"));
        var lookups = await Task.WhenAll(callers);
        Assert.That(lookups.Select(lookup => lookup.Key), Is.All.SameAs(lookups[0].Key));
        Assert.That(lookups[0].Key!.Key.Id, Is.EqualTo("k1"));
        Assert.That(store.Calls, Is.EqualTo(1));
    }

    // A caller that misses the cache just before a load completes must not start another one.
    [Test]
    public async Task Find_CallersWhileALoadCompletes_CallsTheStoreOncePerKey()
    {
        const int Keys = 300;
        var secrets = Enumerable.Range(0, Keys).Select(index => $"s{index}").ToArray();
        var store = new ScriptedStore(secrets.Select(secret => CacheRig.Key($"k{secret}", secret)).ToArray());
        using var rig = new CacheRig(store);
        foreach (var secret in secrets)
        {
            using var start = new Barrier(4);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return rig.FindAsync(secret);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        }

        Assert.That(store.Calls, Is.EqualTo(Keys));
    }

    [Test]
    public async Task Find_OneCallerCancels_OthersGetTheKeyAndItIsCached()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        using var canceling = new CancellationTokenSource();
        var first = rig.FindAsync("s1", canceling.Token);
        var second = rig.FindAsync("s1");
        var call = await store.NextAsync();
        await canceling.CancelAsync();
        Assert.That(() => first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(call.Token.IsCancellationRequested, Is.False);
        call.Answer(CacheRig.Key("k1", "s1"));
        Assert.That(CacheRig.Describe(await second), Is.EqualTo("k1"));
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
        Assert.That(store.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Find_EveryCallerCancels_KeyIsCached()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        using var canceling = new CancellationTokenSource();
        var only = rig.FindAsync("s1", canceling.Token);
        var call = await store.NextAsync();
        await canceling.CancelAsync();
        Assert.That(() => only, Throws.InstanceOf<OperationCanceledException>());
        call.Answer(CacheRig.Key("k1", "s1"));
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
        Assert.That(store.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Find_OtherKeys_DoNotWaitForAHangingOne()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var hanging = rig.FindAsync("s1");
        await store.NextAsync();
        var other = rig.FindAsync("s2");
        (await store.NextAsync()).Answer(CacheRig.Key("k2", "s2"));
        Assert.That(CacheRig.Describe(await other), Is.EqualTo("k2"));
        Assert.That(hanging.IsCompleted, Is.False);
    }

    [Test]
    public async Task Load_ScopedStore_HasItsOwnScopeThatIsDisposedAfterIt()
    {
        var created = new List<ScopedStore>();
        using var rig = new CacheRig(services => services.AddScoped<IApiKeyStore>(_ =>
        {
            var store = new ScopedStore(new TaskCompletionSource<ApiKey?>());
            created.Add(store);
            return store;
        }));
        var first = rig.FindAsync("s1");
        await Eventually.IsTrueAsync(() => created is [{ IsCalled: true }]);
        Assert.That(created[0].IsDisposed, Is.False);
        created[0].Answer.SetResult(CacheRig.Key("k1", "s1"));
        await first;
        Assert.That(created[0].IsDisposed, Is.True);

        var second = rig.FindAsync("s2");
        await Eventually.IsTrueAsync(() => created is [_, { IsCalled: true }]);
        created[1].Answer.SetResult(null);
        Assert.That(CacheRig.Describe(await second), Is.EqualTo("unknown"));
    }

    [Test]
    public async Task Load_StoreHangsPastTheTimeout_ScopeIsDisposedAfterTheStore()
    {
        var store = new ScopedStore(new TaskCompletionSource<ApiKey?>());
        using var rig = new CacheRig(services => services.AddScoped<IApiKeyStore>(_ => store));
        var lookup = rig.FindAsync("s1");
        await Eventually.IsTrueAsync(() => store.IsCalled && rig.Clock.Timers > 0);
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(CacheRig.Describe(await lookup.WaitAsync(Eventually.Deadline)), Is.EqualTo("unavailable"));
        Assert.That(store.IsDisposed, Is.False);
        store.Answer.SetResult(null);
        await Eventually.IsTrueAsync(() => store.IsDisposed);
    }

    [Test]
    public async Task Load_CallersContext_DoesNotReachTheStore()
    {
        var accessor = new HttpContextAccessor { HttpContext = new DefaultHttpContext() };
        Ambient.Value = "caller";
        using var activity = new Activity("request").Start();
        (string? Ambient, HttpContext? Http, Activity? Activity)? observed = null;
        var store = new ScriptedStore((_, _) =>
        {
            observed = (Ambient.Value, accessor.HttpContext, Activity.Current);
            return ValueTask.FromResult<ApiKey?>(null);
        });
        using var rig = new CacheRig(store);
        await rig.FindAsync("s1");
        Assert.That(observed, Is.EqualTo(((string?)null, (HttpContext?)null, (Activity?)null)));
        Assert.That((Ambient.Value, accessor.HttpContext, Activity.Current), Is.EqualTo(("caller", accessor.HttpContext, activity)));
        Assert.That(accessor.HttpContext, Is.Not.Null);
    }

    [Test]
    public async Task Find_CallerSuppressesFlowItself_Loads()
    {
        using var rig = new CacheRig(new ScriptedStore(CacheRig.Key("k1", "s1")));
        Task<ApiKeyLookupResult> lookup;
        using (ExecutionContext.SuppressFlow())
        {
            lookup = rig.FindAsync("s1");
        }

        Assert.That(CacheRig.Describe(await lookup), Is.EqualTo("k1"));
    }

    [Test]
    public async Task Find_KnownAndUnknown_CallTheStoreOnceEach()
    {
        var store = new Mock<IApiKeyStore>(MockBehavior.Strict);
        store.Setup(s => s.FindAsync(Holding("s1"), It.IsAny<CancellationToken>())).ReturnsAsync(CacheRig.Key("k1", "s1"));
        store.Setup(s => s.FindAsync(Holding("s2"), It.IsAny<CancellationToken>())).ReturnsAsync((ApiKey?)null);
        using var rig = new CacheRig(store.Object);
        for (var round = 0; round < 3; round++)
        {
            Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
            Assert.That(await rig.OutcomeAsync("s2"), Is.EqualTo("unknown"));
        }

        store.Verify(s => s.FindAsync(It.IsAny<IReadOnlyList<ApiKeyHash>>(), It.IsAny<CancellationToken>()), Times.Exactly(2));
    }

    private static IReadOnlyList<ApiKeyHash> Holding(string secret) =>
        It.Is<IReadOnlyList<ApiKeyHash>>(
            hashes => hashes.Count == 1 && hashes[0].Equals(new ApiKeyHasher(Array.Empty<ApiKeyPepper>(), null).Hash(secret)));

    private sealed class ScopedStore(TaskCompletionSource<ApiKey?> answer) : IApiKeyStore, IDisposable
    {
        public TaskCompletionSource<ApiKey?> Answer { get; } = answer;

        public bool IsCalled { get; private set; }

        public bool IsDisposed { get; private set; }

        public async ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
        {
            IsCalled = true;
            return await Answer.Task;
        }

        public void Dispose() => IsDisposed = true;
    }
}
