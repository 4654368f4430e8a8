using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Registration;

/// <summary>Tests stores that are added by instance or by factory.</summary>
public sealed class AddStoreTests
{
    [Test]
    public async Task AddStore_Instance_ServesRequestsAndStaysTheApps()
    {
        var store = new TrackedStore();
        await using (var app = await StartAsync(keys => keys.AddStore(store)))
        {
            var warmUp = store.Lookups;
            using var answer = await app.GetAsync("/", app.NewSecret());
            Assert.That((store.Lookups - warmUp, (int)answer.StatusCode), Is.EqualTo((1, 401)));
        }

        Assert.That(store.IsDisposed, Is.False);
    }

    [Test]
    public async Task AddStore_Factory_IsCalledOnceForEachScope()
    {
        List<TrackedStore> stores = [];
        await using (var app = await StartAsync(keys => keys.AddStore(_ => Track(stores))))
        {
            var warmUp = stores.Count;
            using var first = await app.GetAsync("/", app.NewSecret());
            using var second = await app.GetAsync("/", app.NewSecret());
            Assert.That(stores[warmUp..].Select(store => store.Lookups).Where(lookups => lookups > 0), Is.EqualTo(new[] { 1, 1 }));
        }

        Assert.That(stores, Is.All.Property(nameof(TrackedStore.IsDisposed)).True);
    }

    [Test]
    public async Task AddStore_SingletonFactory_IsCalledOnce()
    {
        List<TrackedStore> stores = [];
        await using var app = await StartAsync(keys => keys.AddStore(_ => Track(stores), ServiceLifetime.Singleton));
        var warmUp = stores[0].Lookups;
        using var first = await app.GetAsync("/", app.NewSecret());
        using var second = await app.GetAsync("/", app.NewSecret());
        Assert.That((stores.Count, stores[0].Lookups - warmUp), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task AddStore_WritableStore_IsAlsoTheWritableOne([Values] bool isFactory)
    {
        var store = new InMemoryApiKeyStore();
        var builder = StartUp.CreateBuilder("Production", out _);
        var keys = builder.Services.AddApiKeyAuth();
        _ = isFactory ? keys.AddStore(_ => store) : keys.AddStore(store);
        await using var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        Assert.That(scope.ServiceProvider.GetRequiredService<IWritableApiKeyStore>(), Is.SameAs(store));
        Assert.That(scope.ServiceProvider.GetServices<IApiKeyStore>(), Is.EqualTo(new[] { store }));
    }

    [Test]
    public async Task AddStore_TwoOfOneType_AreBothAsked([Values] bool isFactory)
    {
        var (first, second) = (new TrackedStore(), new TrackedStore());
        await using var app = await StartAsync(keys =>
            _ = isFactory ? keys.AddStore(_ => first).AddStore(_ => second) : keys.AddStore(first).AddStore(second));
        var warmUp = first.Lookups;
        using var answer = await app.GetAsync("/", app.NewSecret());
        Assert.That((first.Lookups - warmUp, second.Lookups - warmUp), Is.EqualTo((1, 1)));
    }

    private static Task<TestApp> StartAsync(Action<ApiKeyAuthBuilder> keys) =>
        TestApp.StartAsync(web => web.MapGet("/", () => "in").RequireAuthorization(), keys: keys);

    private static TrackedStore Track(List<TrackedStore> stores)
    {
        var store = new TrackedStore();
        stores.Add(store);
        return store;
    }

    private sealed class TrackedStore : IApiKeyStore, IDisposable
    {
        public int Lookups { get; private set; }

        public bool IsDisposed { get; private set; }

        public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
        {
            Lookups++;
            return default;
        }

        public void Dispose() => IsDisposed = true;
    }
}
