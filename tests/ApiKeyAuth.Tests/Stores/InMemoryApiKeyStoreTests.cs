using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Tests.Stores;

public sealed class InMemoryApiKeyStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task Find_AnyOfItsHashes_GivesTheKey()
    {
        var store = new InMemoryApiKeyStore();
        var key = CacheRig.Key("k1", "s1", "s2");
        Assert.That(await store.TryAddAsync(key, None), Is.True);
        Assert.That(await store.FindAsync([Hash("none"), Hash("s2")], None), Is.SameAs(key));
        Assert.That(await store.FindAsync([Hash("none")], None), Is.Null);
        Assert.That(await store.FindAsync([], None), Is.Null);
        Assert.That(await store.FindAsync([new ApiKeyHash(Hash("s1").Digest, "p1")], None), Is.Null);
        Assert.That(await store.GetAsync("k1", None), Is.SameAs(key));
        Assert.That(await store.GetAsync("K1", None), Is.Null);
    }

    [Test]
    public async Task TryAdd_IdOrHashTaken_ChangesNothing()
    {
        var store = new InMemoryApiKeyStore();
        var first = CacheRig.Key("k1", "s1");
        await store.TryAddAsync(first, None);
        Assert.That(await store.TryAddAsync(CacheRig.Key("k1", "s2"), None), Is.False);
        Assert.That(await store.TryAddAsync(CacheRig.Key("k2", "s3", "s1"), None), Is.False);
        Assert.That(await store.FindAsync([Hash("s2")], None), Is.Null);
        Assert.That(await store.FindAsync([Hash("s3")], None), Is.Null);
        Assert.That(await store.ListAsync(null, 10, None), Is.EqualTo(new[] { first }));
    }

    [Test]
    public async Task TryUpdate_NewSecret_FindsItAndNoLongerTheOld()
    {
        var store = new InMemoryApiKeyStore();
        var current = CacheRig.Key("k1", "s1", "s2");
        var changed = CacheRig.Key("k1", "s2", "s3");
        await store.TryAddAsync(current, None);
        Assert.That(await store.TryUpdateAsync(current, changed, None), Is.True);
        Assert.That(await store.FindAsync([Hash("s1")], None), Is.Null);
        Assert.That(await store.FindAsync([Hash("s2")], None), Is.SameAs(changed));
        Assert.That(await store.FindAsync([Hash("s3")], None), Is.SameAs(changed));
        Assert.That(await store.TryAddAsync(CacheRig.Key("k2", "s1"), None), Is.True, "a dropped hash is free");
    }

    [Test]
    public async Task TryUpdate_LostRaceGoneOrHashTaken_ChangesNothing()
    {
        var store = new InMemoryApiKeyStore();
        var first = CacheRig.Key("k1", "s1");
        var second = first with { Name = "second" };
        await store.TryAddAsync(first, None);
        await store.TryAddAsync(CacheRig.Key("k2", "s2"), None);
        Assert.That(await store.TryUpdateAsync(first, CacheRig.Key("k1", "s3", "s2"), None), Is.False, "s2 is taken");
        Assert.That(await store.FindAsync([Hash("s3")], None), Is.Null);
        Assert.That(await store.TryUpdateAsync(first, second, None), Is.True);
        Assert.That(await store.TryUpdateAsync(first, first with { Name = "lost" }, None), Is.False);
        Assert.That(await store.GetAsync("k1", None), Is.SameAs(second));
        await store.DeleteAsync("k1", None);
        Assert.That(await store.TryUpdateAsync(second, second with { Name = "gone" }, None), Is.False);
        Assert.That(await store.GetAsync("k1", None), Is.Null);
    }

    [Test]
    public void TryUpdate_OtherId_Throws()
    {
        var store = new InMemoryApiKeyStore();
        Assert.That(
            async () => await store.TryUpdateAsync(CacheRig.Key("k1", "s1"), CacheRig.Key("k2", "s1"), None),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task Delete_Known_FreesIdAndHashes()
    {
        var store = new InMemoryApiKeyStore();
        await store.TryAddAsync(CacheRig.Key("k1", "s1"), None);
        Assert.That(await store.DeleteAsync("k1", None), Is.True);
        Assert.That(await store.DeleteAsync("k1", None), Is.False);
        Assert.That(await store.FindAsync([Hash("s1")], None), Is.Null);
        Assert.That(await store.TryAddAsync(CacheRig.Key("k1", "s1"), None), Is.True);
    }

    [Test]
    public async Task List_Pages_GoThroughAllInOrdinalOrder()
    {
        var store = new InMemoryApiKeyStore();
        string[] ids = ["b", "a", "C", "a1", "B"];
        foreach (var id in ids)
        {
            await store.TryAddAsync(CacheRig.Key(id, "s" + id), None);
        }

        var seen = new List<string>();
        for (string? after = null; await store.ListAsync(after, 2, None) is [_, ..] page; after = page[^1].Id)
        {
            Assert.That(page, Has.Count.LessThanOrEqualTo(2));
            seen.AddRange(page.Select(key => key.Id));
        }

        Assert.That(seen, Is.EqualTo(ids.Order(StringComparer.Ordinal)));
        Assert.That((await store.ListAsync("aZ", 10, None)).Select(key => key.Id), Is.EqualTo(new[] { "b" }), "a last id that was deleted meanwhile");
    }

    [TestCase(0)]
    [TestCase(1_001)]
    [TestCase(-1)]
    public void List_CountOutOfRange_Throws(int count) =>
        Assert.That(async () => await new InMemoryApiKeyStore().ListAsync(null, count, None), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public async Task TryAdd_ManyAtOnceForOneHash_ExactlyOneWins()
    {
        for (var round = 0; round < 50; round++)
        {
            var store = new InMemoryApiKeyStore();
            var won = await RaceAsync(index => store.TryAddAsync(CacheRig.Key($"k{index}", $"own{index}", "shared"), None));
            Assert.That(won, Has.Length.EqualTo(1));
            Assert.That((await store.FindAsync([Hash("shared")], None))!.Id, Is.EqualTo($"k{won[0]}"));
            Assert.That(await store.ListAsync(null, 10, None), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task TryUpdate_ManyAtOnceFromOneVersion_ExactlyOneWins()
    {
        for (var round = 0; round < 50; round++)
        {
            var store = new InMemoryApiKeyStore();
            var current = CacheRig.Key("k1", "s1");
            await store.TryAddAsync(current, None);
            var won = await RaceAsync(index => store.TryUpdateAsync(current, CacheRig.Key("k1", $"new{index}"), None));
            Assert.That(won, Has.Length.EqualTo(1));
            Assert.That(await store.FindAsync([Hash($"new{won[0]}")], None), Is.Not.Null);
            Assert.That(await store.FindAsync([Hash($"new{(won[0] + 1) % 4}")], None), Is.Null);
        }
    }

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
