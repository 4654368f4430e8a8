using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Conformance.Stores;

public abstract partial class ApiKeyStoreConformance
{
    [Test]
    public async Task Update_EveryProperty_RoundTripsAsTheNextVersion()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key();
        await AddAllAsync(store, [key]);
        var changed = Sample.FullKey() with { Id = key.Id, Version = 1 };

        Assert.That(await UpdateAsync(store, changed), Is.True);
        KeyComparison.AssertEqual(await store.GetAsync(key.Id, default), changed with { Version = 2 });
        KeyComparison.AssertEqual(await store.FindAsync([changed.Secrets[0].Hash], default), changed with { Version = 2 });
        Assert.That(await store.FindAsync([key.Secrets[0].Hash], default), Is.Null);
    }

    [Test]
    public async Task Update_EveryPropertyCleared_RoundTrips()
    {
        var store = await CreateStoreAsync();
        var key = Sample.FullKey();
        await AddAllAsync(store, [key]);
        var changed = new ApiKey { Id = key.Id, CreatedAt = key.CreatedAt, Version = 1 };

        Assert.That(await UpdateAsync(store, changed), Is.True);
        KeyComparison.AssertEqual(await store.GetAsync(key.Id, default), changed with { Version = 2 });
    }

    [Test]
    public async Task Update_StaleVersion_ChangesNothing()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key();
        await AddAllAsync(store, [key]);
        Assert.That(await UpdateAsync(store, key with { Version = 1, Name = "second" }), Is.True);

        foreach (var version in new long[] { 0, 1, 3 })
        {
            Assert.That(await UpdateAsync(store, key with { Version = version, Name = "lost", Secrets = [] }), Is.False);
        }

        KeyComparison.AssertEqual(await store.GetAsync(key.Id, default), key with { Version = 2, Name = "second" });
        Assert.That(await ListAuditActionsAsync(store, key), Is.EqualTo(new[] { "create", "update" }));
    }

    [Test]
    public async Task Update_DeletedKey_DoesNotRestoreIt()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key() with { Version = 1 };
        Assert.That(await UpdateAsync(store, key), Is.False);
        await AddAllAsync(store, [key]);
        Assert.That(await DeleteAsync(store, key), Is.True);

        Assert.That(await UpdateAsync(store, key), Is.False);
        Assert.That(await store.GetAsync(key.Id, default), Is.Null);
        Assert.That(await store.FindAsync([key.Secrets[0].Hash], default), Is.Null);
    }

    [Test]
    public async Task Update_HashOfAnotherSystem_IsFoundUntilItIsReplaced()
    {
        var store = await CreateStoreAsync();
        var (legacy, replacement) = (Sample.LegacyHash(), Sample.Hash("p1"));
        var key = Sample.Key() with { Secrets = [Sample.Secret(legacy)], Version = 1 };
        await AddAllAsync(store, [key, Sample.Key()]);
        KeyComparison.AssertEqual(await store.FindAsync([Sample.Hash(), legacy], default), key);
        Assert.That(await store.FindAsync([new ApiKeyHash(legacy.Digest)], default), Is.Null);
        Assert.That(await store.FindAsync([ApiKeyHash.CreateLegacy("sanctum", legacy.Digest)], default), Is.Null);
        Assert.That(await store.CountAsync(new() { HasLegacyHash = true }, default), Is.EqualTo(1));

        Assert.That(await UpdateAsync(store, key with { Secrets = [key.Secrets[0] with { Hash = replacement }] }), Is.True);

        Assert.That(await store.FindAsync([legacy], default), Is.Null);
        Assert.That((await store.FindAsync([replacement], default))?.Id, Is.EqualTo(key.Id));
        Assert.That(await store.CountAsync(new() { HasLegacyHash = true }, default), Is.Zero);
    }

    [Test]
    public async Task Update_SaltedHash_IsFoundByItsPrefixUntilItIsReplaced()
    {
        var store = await CreateStoreAsync();
        if (store is not IPrefixApiKeyStore prefixes)
        {
            Assert.Ignore($"{store.GetType().Name} does not implement IPrefixApiKeyStore, which is optional.");
            return;
        }

        var key = Sample.Key() with { Secrets = [Sample.SaltedSecret("pre")], Version = 1 };
        await AddAllAsync(store, [key, Sample.Key() with { Secrets = [Sample.SaltedSecret("other")] }]);
        KeyComparison.AssertEqual((await prefixes.FindByPrefixAsync(["pre"], 10, default)).Single(), key);
        Assert.That(await UpdateAsync(store, key with { Name = "renamed" }), Is.True);
        Assert.That((await prefixes.FindByPrefixAsync(["pre"], 10, default)).Single().Name, Is.EqualTo("renamed"));
        Assert.That(await store.CountAsync(new() { HasLegacyHash = true }, default), Is.EqualTo(2));

        var replaced = key with { Version = 2, Secrets = [Sample.Secret()] };
        Assert.That(await UpdateAsync(store, replaced), Is.True);

        Assert.That(await prefixes.FindByPrefixAsync(["pre"], 10, default), Is.Empty);
        Assert.That((await store.FindAsync([replaced.Secrets[0].Hash], default))?.Secrets.Single().SaltedHash, Is.Null);
        Assert.That(await store.CountAsync(new() { HasLegacyHash = true }, default), Is.EqualTo(1));
    }

    [Test]
    public async Task Update_HashOfAnotherKey_ChangesNothing()
    {
        var store = await CreateStoreAsync();
        var (key, other) = (Sample.Key(), Sample.Key());
        await AddAllAsync(store, [key, other]);

        var conflicting = key with { Version = 1, Name = "lost", Secrets = [Sample.Secret(), other.Secrets[0]] };
        Assert.That(await UpdateAsync(store, conflicting), Is.False);
        KeyComparison.AssertEqual(await store.GetAsync(key.Id, default), key with { Version = 1 });
        KeyComparison.AssertEqual(await store.FindAsync([other.Secrets[0].Hash], default), other with { Version = 1 });
        Assert.That(await ListAuditActionsAsync(store, key), Is.EqualTo(new[] { "create" }));
    }

    [Test]
    public async Task Update_Rotation_KeepsTheRetiringSecret()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key();
        var retiring = key.Secrets[0] with { ExpiresAt = Sample.Now.AddHours(1) };
        await AddAllAsync(store, [key]);

        Assert.That(await UpdateAsync(store, key with { Version = 1, Secrets = [Sample.Secret(), retiring] }), Is.True);
        var read = await GetAsync(store, key.Id);
        Assert.That((await store.FindAsync([retiring.Hash], default))?.Secrets[1].ExpiresAt, Is.EqualTo(retiring.ExpiresAt));

        Assert.That(await UpdateAsync(store, read with { Secrets = [read.Secrets[0]] }), Is.True);
        Assert.That(await store.FindAsync([retiring.Hash], default), Is.Null);
        Assert.That(await AddAsync(store, Sample.Key() with { Secrets = [retiring] }), Is.EqualTo(ApiKeyAddResult.Added));
    }

    [Test]
    public async Task Update_ConcurrentCallsWithOneVersion_OneSucceeds()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key();
        await AddAllAsync(store, [key]);
        var attempts = Enumerable.Range(0, 20)
            .Select(index => key with { Version = 1, Name = $"name {index}", Secrets = [Sample.Secret(), key.Secrets[0]] }).ToList();

        var results = await RunConcurrentlyAsync(20, index => UpdateAsync(store, attempts[index]));

        Assert.That(results.Count(isUpdated => isUpdated), Is.EqualTo(1));
        KeyComparison.AssertEqual(await store.GetAsync(key.Id, default), attempts[Array.IndexOf(results, true)] with { Version = 2 });
        Assert.That(await ListAuditActionsAsync(store, key), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Delete_CurrentVersion_RemovesSecretsAndKeepsTheAudit()
    {
        var store = await CreateStoreAsync();
        var (key, other) = (Sample.Key(), Sample.Key());
        await AddAllAsync(store, [key, other]);

        Assert.That(await DeleteAsync(store, key with { Version = 1 }), Is.True);
        Assert.That(await store.GetAsync(key.Id, default), Is.Null);
        Assert.That(await store.FindAsync([key.Secrets[0].Hash], default), Is.Null);
        Assert.That(await ListAuditActionsAsync(store, key), Is.EqualTo(new[] { "create", "delete" }));
        Assert.That(await store.CountAsync(new(), default), Is.EqualTo(1));
    }

    [Test]
    public async Task Delete_StaleOrDeletedKey_ChangesNothing()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key() with { Version = 1 };
        Assert.That(await DeleteAsync(store, key), Is.False);
        await AddAllAsync(store, [key]);
        Assert.That(await UpdateAsync(store, key), Is.True);

        Assert.That(await DeleteAsync(store, key), Is.False);
        Assert.That(await DeleteAsync(store, key with { Version = 2 }), Is.True);
        Assert.That(await DeleteAsync(store, key with { Version = 2 }), Is.False);
        Assert.That(await ListAuditActionsAsync(store, key), Is.EqualTo(new[] { "create", "update", "delete" }));
    }

    [Test]
    public async Task Delete_ConcurrentCalls_OneSucceeds()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key() with { Version = 1 };
        await AddAllAsync(store, [key]);

        Assert.That((await RunConcurrentlyAsync(20, _ => DeleteAsync(store, key))).Count(isDeleted => isDeleted), Is.EqualTo(1));
    }
}
