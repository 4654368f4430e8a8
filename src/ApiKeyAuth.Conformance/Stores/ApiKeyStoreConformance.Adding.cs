using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Conformance.Stores;

public abstract partial class ApiKeyStoreConformance
{
    [Test]
    public async Task Add_KeyWithEveryProperty_RoundTrips()
    {
        var store = await CreateStoreAsync();
        var key = Sample.FullKey();
        await AddAllAsync(store, [key]);
        var expected = key with { Version = 1 };

        KeyComparison.AssertEqual(await store.GetAsync(key.Id, default), expected);
        KeyComparison.AssertEqual(await store.FindAsync([key.Secrets[1].Hash], default), expected);
        KeyComparison.AssertEqual((await store.ListAsync(new() { AllTenants = true }, default)).Single(), expected);
    }

    [Test]
    public async Task Add_KeyWithOnlyItsId_RoundTrips()
    {
        var store = await CreateStoreAsync();
        var key = new ApiKey { Id = "k", CreatedAt = Sample.Now };
        await AddAllAsync(store, [key]);

        var read = await GetAsync(store, "k");
        KeyComparison.AssertEqual(read, key with { Version = 1 });
        Assert.That((read.UsageCount, read.LastUsedAt), Is.EqualTo((0L, (DateTimeOffset?)null)));
    }

    [TestCase("2027-12-31")]
    [TestCase("9999-12-31")]
    [TestCase("0001-01-01")]
    [TestCase("2028-01-01T00:00:00Z")]
    [TestCase("9999-12-31T23:59:59Z")]
    public async Task Add_Expiry_KeepsDateOrInstant(string expiry)
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key() with { ExpiresAt = ApiKeyExpiry.Parse(expiry, null) };
        await AddAllAsync(store, [key]);

        var read = await GetAsync(store, key.Id);
        Assert.That(read.ExpiresAt, Is.EqualTo(key.ExpiresAt));
        Assert.That(read.ExpiresAt.ToString(), Is.EqualTo(expiry));
    }

    [Test]
    public async Task Add_TimeWithOffset_KeepsTheInstant()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key() with { CreatedAt = Sample.Now.ToOffset(TimeSpan.FromHours(-7)) };
        await AddAllAsync(store, [key]);

        Assert.That((await GetAsync(store, key.Id)).CreatedAt, Is.EqualTo(Sample.Now));
    }

    [Test]
    public async Task Add_AnyVersion_StartsAtVersionOne()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key() with { Version = 7, UsageCount = 9, LastUsedAt = Sample.Now };
        await AddAllAsync(store, [key]);

        var read = await GetAsync(store, key.Id);
        Assert.That((read.Version, read.UsageCount, read.LastUsedAt), Is.EqualTo((1L, 0L, (DateTimeOffset?)null)));
    }

    [Test]
    public async Task Add_DuplicateId_ChangesNothing()
    {
        var store = await CreateStoreAsync();
        var (first, second) = (Sample.Key("k"), Sample.Key("k") with { Name = "second" });
        await AddAllAsync(store, [first]);

        Assert.That(await AddAsync(store, second), Is.EqualTo(ApiKeyAddResult.IdTaken));
        KeyComparison.AssertEqual(await store.GetAsync("k", default), first with { Version = 1 });
        Assert.That(await store.FindAsync([second.Secrets[0].Hash], default), Is.Null);
        Assert.That(await ListAuditActionsAsync(store, first), Is.EqualTo(new[] { "create" }));
    }

    [Test]
    public async Task Add_DuplicateHash_ChangesNothing()
    {
        var store = await CreateStoreAsync();
        var first = Sample.Key();
        var second = Sample.Key() with { Secrets = [Sample.Secret(), first.Secrets[0]] };
        await AddAllAsync(store, [first]);

        Assert.That(await AddAsync(store, second), Is.EqualTo(ApiKeyAddResult.HashTaken));
        Assert.That(await store.GetAsync(second.Id, default), Is.Null);
        Assert.That(await store.FindAsync([second.Secrets[0].Hash], default), Is.Null);
        Assert.That(await ListAuditActionsAsync(store, second), Is.Empty);
    }

    [Test]
    public async Task Add_SameDigestWithAnotherPepper_AddsTheKey()
    {
        var store = await CreateStoreAsync();
        var first = Sample.Key();
        var second = Sample.Key() with { Secrets = [Sample.Secret(new ApiKeyHash(first.Secrets[0].Hash.Digest, "p1"))] };
        await AddAllAsync(store, [first, second]);

        Assert.That((await store.FindAsync([first.Secrets[0].Hash], default))?.Id, Is.EqualTo(first.Id));
        Assert.That((await store.FindAsync([second.Secrets[0].Hash], default))?.Id, Is.EqualTo(second.Id));
    }

    [Test]
    public async Task Add_ConcurrentCallsWithOneId_AddsOneKey()
    {
        var store = await CreateStoreAsync();
        var results = await RunConcurrentlyAsync(20, _ => AddAsync(store, Sample.Key("k")));

        Assert.That(results.Count(result => result == ApiKeyAddResult.Added), Is.EqualTo(1));
        Assert.That(results.Count(result => result == ApiKeyAddResult.IdTaken), Is.EqualTo(19));
    }

    [Test]
    public async Task Add_ConcurrentCallsWithOneHash_AddsOneKey()
    {
        var store = await CreateStoreAsync();
        var secret = Sample.Secret();
        var results = await RunConcurrentlyAsync(20, _ => AddAsync(store, Sample.Key() with { Secrets = [secret] }));

        Assert.That(results.Count(result => result == ApiKeyAddResult.Added), Is.EqualTo(1));
        Assert.That(results.Count(result => result == ApiKeyAddResult.HashTaken), Is.EqualTo(19));
    }

    [Test]
    public async Task AddMany_NewKeys_AddsAllKeysAndTheirAuditEntries()
    {
        var store = await CreateBatchWritableStoreAsync();
        ApiKey[] keys = [Sample.FullKey(), Sample.Key() with { Enabled = false }, Sample.Key()];

        var checkedKeys = await store.CheckManyAsync(keys, default);
        Assert.That(await store.CountAsync(new() { AllTenants = true }, default), Is.Zero);
        var added = await store.AddManyAsync(keys, [.. keys.Select(key => Sample.AuditEntry(key))], default);

        Assert.That(checkedKeys, Is.EqualTo(keys.Select(_ => ApiKeyAddResult.Added)));
        Assert.That(added, Is.EqualTo(checkedKeys));
        foreach (var key in keys)
        {
            KeyComparison.AssertEqual(await store.GetAsync(key.Id, default), key with { Version = 1 });
            var audit = await store.ListAuditAsync(new() { AllTenants = true, KeyId = key.Id }, default);
            Assert.That(audit.Select(entry => entry.Action), Is.EqualTo(new[] { "create" }));
        }

        Assert.That(await store.AddManyAsync([], [], default), Is.Empty);
    }

    [Test]
    public async Task AddMany_SomeKeysAreTaken_AddsNoneAndReturnsWhich()
    {
        var store = await CreateBatchWritableStoreAsync();
        var taken = Sample.Key();
        await AddAllAsync(store, [taken]);
        var free = Sample.Key();
        ApiKey[] keys =
        [
            free,
            Sample.Key(taken.Id),
            Sample.Key() with { Secrets = [Sample.Secret(), taken.Secrets[0]] },
            Sample.Key(free.Id),
            Sample.Key() with { Secrets = free.Secrets },
            Sample.Key() with { Secrets = [Sample.Secret(new ApiKeyHash(taken.Secrets[0].Hash.Digest, "p1"))] },
        ];

        var results = await store.AddManyAsync(keys, [.. keys.Select(key => Sample.AuditEntry(key))], default);

        Assert.That(
            results,
            Is.EqualTo(new[]
            {
                ApiKeyAddResult.Added, ApiKeyAddResult.IdTaken, ApiKeyAddResult.HashTaken, ApiKeyAddResult.IdTaken,
                ApiKeyAddResult.HashTaken, ApiKeyAddResult.Added,
            }));
        Assert.That(await store.CheckManyAsync(keys, default), Is.EqualTo(results));
        Assert.That(await store.CountAsync(new() { AllTenants = true }, default), Is.EqualTo(1));
    }

    /// <summary>Creates the store if it adds many keys at once, which is optional.</summary>
    private async Task<IBatchWritableApiKeyStore> CreateBatchWritableStoreAsync()
    {
        var store = await CreateStoreAsync();
        if (store is not IBatchWritableApiKeyStore)
        {
            Assert.Ignore($"{store.GetType().Name} does not implement IBatchWritableApiKeyStore, which is optional.");
        }

        return (IBatchWritableApiKeyStore)store;
    }
}
