using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Caching;

namespace ApiKeyAuth.Tests.Stores;

public sealed class InMemoryApiKeyStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task Find_AnyOfItsHashes_ReturnsTheKey()
    {
        var store = new InMemoryApiKeyStore();
        var key = CacheRig.Key("k1", "s1", "s2");
        Assert.That(await AddAsync(store, key), Is.True);
        Assert.That(await store.FindAsync([Hash("none"), Hash("s2")], None), Has.Property("Id").EqualTo("k1"));
        Assert.That(await store.FindAsync([Hash("none")], None), Is.Null);
        Assert.That(await store.FindAsync([], None), Is.Null);
        Assert.That(await store.FindAsync([new ApiKeyHash(Hash("s1").Digest, "p1")], None), Is.Null);
        Assert.That(await store.GetAsync("k1", None), Has.Property("Id").EqualTo("k1"));
        Assert.That(await store.GetAsync("K1", None), Is.Null);
    }

    [Test]
    public async Task TryAdd_IdOrHashTaken_ChangesNothing()
    {
        var store = new InMemoryApiKeyStore();
        var first = CacheRig.Key("k1", "s1");
        await AddAsync(store, first);
        Assert.That(await AddAsync(store, CacheRig.Key("k1", "s2")), Is.False);
        Assert.That(await AddAsync(store, CacheRig.Key("k2", "s3", "s1")), Is.False);
        Assert.That(await store.FindAsync([Hash("s2")], None), Is.Null);
        Assert.That(await store.FindAsync([Hash("s3")], None), Is.Null);
        Assert.That((await store.ListAsync(new ApiKeyFilter(), None)).Select(key => key.Id), Is.EqualTo(new[] { first.Id }));
    }

    [Test]
    public async Task TryUpdate_NewSecret_ReplacesTheOldOne()
    {
        var store = new InMemoryApiKeyStore();
        var current = CacheRig.Key("k1", "s1", "s2");
        var changed = CacheRig.Key("k1", "s2", "s3");
        await AddAsync(store, current);
        Assert.That(await UpdateAsync(store, changed), Is.True);
        Assert.That(await store.FindAsync([Hash("s1")], None), Is.Null);
        Assert.That(await store.FindAsync([Hash("s2")], None), Has.Property("Version").EqualTo(2));
        Assert.That(await store.FindAsync([Hash("s3")], None), Has.Property("Version").EqualTo(2));
        Assert.That(await AddAsync(store, CacheRig.Key("k2", "s1")), Is.True, "a dropped hash is free");
    }

    [Test]
    public async Task TryUpdate_OtherVersionDeletedOrHashTaken_ChangesNothing()
    {
        var store = new InMemoryApiKeyStore();
        var first = CacheRig.Key("k1", "s1");
        var second = first with { Name = "second" };
        await AddAsync(store, first);
        await AddAsync(store, CacheRig.Key("k2", "s2"));
        Assert.That(await UpdateAsync(store, CacheRig.Key("k1", "s3", "s2")), Is.False, "s2 is taken");
        Assert.That(await store.FindAsync([Hash("s3")], None), Is.Null);
        Assert.That(await UpdateAsync(store, second), Is.True);
        Assert.That(await UpdateAsync(store, first with { Name = "lost" }), Is.False);
        Assert.That(await store.GetAsync("k1", None), Has.Property("Name").EqualTo("second"));
        await DeleteAsync(store, "k1");
        Assert.That(await UpdateAsync(store, second with { Name = "gone" }), Is.False);
        Assert.That(await store.GetAsync("k1", None), Is.Null);
    }

    [Test]
    public async Task Delete_Known_FreesIdAndHashes()
    {
        var store = new InMemoryApiKeyStore();
        await AddAsync(store, CacheRig.Key("k1", "s1"));
        Assert.That(await DeleteAsync(store, "k1"), Is.True);
        Assert.That(await DeleteAsync(store, "k1"), Is.False);
        Assert.That(await store.FindAsync([Hash("s1")], None), Is.Null);
        Assert.That(await AddAsync(store, CacheRig.Key("k1", "s1")), Is.True);
    }

    [Test]
    public async Task List_Pages_ReturnAllKeysNewestFirst()
    {
        var store = new InMemoryApiKeyStore();
        string[] ids = ["b", "a", "C", "a1", "B"];
        foreach (var (index, id) in ids.Index())
        {
            await AddAsync(store, CacheRig.Key(id, "s" + id) with { CreatedAt = DateTimeOffset.UnixEpoch.AddDays(index / 2) });
        }

        var listed = new List<string>();
        var filter = new ApiKeyFilter { Limit = 2 };
        while (await store.ListAsync(filter, None) is [_, ..] page)
        {
            listed.AddRange(page.Select(key => key.Id));
            filter = filter with { AfterCreatedAt = page[^1].CreatedAt, AfterId = page[^1].Id };
        }

        Assert.That(listed, Is.EqualTo(new[] { "B", "C", "a1", "a", "b" }));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void List_CountOutOfRange_Throws(int count) =>
        Assert.That(
            async () => await new InMemoryApiKeyStore().ListAsync(new ApiKeyFilter { Limit = count }, None),
            Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public async Task TryAdd_ManyAtOnceForOneHash_ExactlyOneWins()
    {
        for (var round = 0; round < 50; round++)
        {
            var store = new InMemoryApiKeyStore();
            var won = await RaceAsync(index => AddAsync(store, CacheRig.Key($"k{index}", $"own{index}", "shared")));
            Assert.That(won, Has.Length.EqualTo(1));
            Assert.That((await store.FindAsync([Hash("shared")], None))!.Id, Is.EqualTo($"k{won[0]}"));
            Assert.That(await store.ListAsync(new ApiKeyFilter(), None), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task TryUpdate_ManyAtOnceFromOneVersion_ExactlyOneWins()
    {
        for (var round = 0; round < 50; round++)
        {
            var store = new InMemoryApiKeyStore();
            var current = CacheRig.Key("k1", "s1");
            await AddAsync(store, current);
            var won = await RaceAsync(index => UpdateAsync(store, CacheRig.Key("k1", $"new{index}")));
            Assert.That(won, Has.Length.EqualTo(1));
            Assert.That(await store.FindAsync([Hash($"new{won[0]}")], None), Is.Not.Null);
            Assert.That(await store.FindAsync([Hash($"new{(won[0] + 1) % 4}")], None), Is.Null);
        }
    }

    private static async ValueTask<bool> AddAsync(InMemoryApiKeyStore store, ApiKey key) =>
        await store.AddAsync(key, [], AuditEntries.Create(key.Id), None) == ApiKeyAddResult.Added;

    /// <summary>Updates a key from version 1.</summary>
    private static ValueTask<bool> UpdateAsync(InMemoryApiKeyStore store, ApiKey key) =>
        store.TryUpdateAsync(key with { Version = 1 }, AuditEntries.Create(key.Id), None);

    private static async ValueTask<bool> DeleteAsync(InMemoryApiKeyStore store, string id) =>
        await store.GetAsync(id, None) is { } key && await store.TryDeleteAsync(key, AuditEntries.Create(id), None);

    private static ApiKeyHash Hash(string secret) => new ApiKeyHasher([]).Hash(secret);

    private static async Task<int[]> RaceAsync(Func<int, ValueTask<bool>> act)
    {
        using var start = new Barrier(4);
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(index => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return act(index).AsTask();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        return [.. Enumerable.Range(0, 4).Where(index => results[index])];
    }
}
