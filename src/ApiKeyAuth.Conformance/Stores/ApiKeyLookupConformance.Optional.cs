using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Conformance.Stores;

/// <summary>Tests <see cref="IBatchApiKeyStore"/> and <see cref="IPrefixApiKeyStore"/>, which are optional for a store.</summary>
public abstract partial class ApiKeyLookupConformance
{
    [Test]
    public async Task FindMany_KnownAndUnknownHashes_ReturnsOneResultPerLookupInOrder()
    {
        var several = NewKey() with { Secrets = [.. Enumerable.Range(0, KeepsSeveralSecrets ? 2 : 1).Select(_ => Sample.Secret())] };
        ApiKey[] keys = [NewKey(), several, NewKey()];
        var store = await CreateBatchStoreAsync(keys);

        var found = await store.FindManyAsync(
            [
                [keys[2].Secrets[0].Hash],
                [Sample.Hash()],
                [Sample.Hash(KeepsPepperIds ? "p1" : null), keys[1].Secrets[^1].Hash, Sample.Hash()],
                [],
                [keys[0].Secrets[0].Hash],
                [keys[1].Secrets[0].Hash],
            ],
            default);

        Assert.That(found.Select(key => key?.Id), Is.EqualTo(new[] { keys[2].Id, null, keys[1].Id, null, keys[0].Id, keys[1].Id }));
        Assert.That(found[2]!.Secrets.Select(secret => secret.Hash), Is.EquivalentTo(keys[1].Secrets.Select(secret => secret.Hash)));
        Assert.That(await store.FindManyAsync([], default), Is.Empty);
    }

    [Test]
    public async Task FindMany_AnyLookup_ReturnsTheSameAsFind()
    {
        ApiKey[] keys =
        [
            NewKey() with { Enabled = false },
            .. KeepsRevokedKeys ? [NewKey() with { RevokedAt = Sample.Now }] : Array.Empty<ApiKey>(),
            NewKey() with { ExpiresAt = new ApiKeyExpiry(new DateOnly(2001, 2, 3)) },
            NewKey() with { Secrets = [Sample.Secret(Sample.Hash(KeepsPepperIds ? "p1" : null))] },
        ];
        var store = await CreateBatchStoreAsync(keys);
        var hashes = keys.Select(key => key.Secrets[0].Hash).ToList();
        List<IReadOnlyList<ApiKeyHash>> lookups =
        [
            .. hashes.Select(hash => new[] { hash }),
            .. hashes.Select(hash => new[] { new ApiKeyHash(hash.Digest, "p2") }),
            .. hashes.Select(hash => new[] { new ApiKeyHash(hash.Digest, hash.PepperId?.ToUpperInvariant() ?? "p1") }),

            // The key of the first hash is returned.
            [hashes[1], hashes[0]],
            [hashes[0], hashes[1]],
        ];

        var found = await store.FindManyAsync(lookups, default);

        for (var index = 0; index < lookups.Count; index++)
        {
            var single = await store.FindAsync(lookups[index], default);
            Assert.That(
                (found[index]?.Id, found[index]?.GetStatus(Sample.Now)),
                Is.EqualTo((single?.Id, single?.GetStatus(Sample.Now))),
                $"lookup {index}");
        }
    }

    [Test]
    public async Task FindMany_MaxBatchSize_ReturnsEachKey()
    {
        const int MaxBatchSize = 256;
        var keys = Enumerable.Range(0, MaxBatchSize).Select(_ => NewKey()).ToList();
        var store = await CreateBatchStoreAsync(keys);

        // With four accepted peppers, each lookup has five hashes.
        var found = await store.FindManyAsync(
            [
                .. keys.Select(key => (ApiKeyHash[])
                [
                    Sample.Hash(KeepsPepperIds ? "p1" : null), Sample.Hash("p2"), Sample.Hash("p3"), Sample.Hash("p4"), key.Secrets[0].Hash,
                ]),
            ],
            default);

        Assert.That(found.Select(key => key?.Id), Is.EqualTo(keys.Select(key => key.Id)));
    }

    [Test]
    public async Task FindByPrefix_KnownPrefixes_ReturnsTheKeysWithAllTheirSecrets()
    {
        var several = NewKey() with { Secrets = [Sample.Secret(), Sample.SaltedSecret("Abc.1")] };
        ApiKey[] keys = [NewKey(), several, WithPrefix("x"), WithPrefix("Abc.1"), WithPrefix("abc.1")];
        var store = await CreateOptionalStoreAsync<IPrefixApiKeyStore>(keys);

        var found = await store.FindByPrefixAsync(["Abc.1", "none"], 10, default);

        Assert.That(found.Select(key => key.Id), Is.EquivalentTo(new[] { several.Id, keys[3].Id }));
        Assert.That(
            found.Single(key => key.Id == several.Id).Secrets.Select(secret => (secret.Hash, secret.SaltedHash)),
            Is.EqualTo(several.Secrets.Select(secret => (secret.Hash, secret.SaltedHash))));
        Assert.That(
            (await store.FindByPrefixAsync(["x", "abc.1", "x"], 10, default)).Select(key => key.Id),
            Is.EquivalentTo(new[] { keys[2].Id, keys[4].Id }));
    }

    [TestCase("")]
    [TestCase("a")]
    [TestCase("ab%")]
    [TestCase("ab_d")]
    [TestCase("abcd ")]
    [TestCase("ABCD")]
    [TestCase("\0")]
    public async Task FindByPrefix_OtherText_ReturnsNothing(string prefix)
    {
        var store = await CreateOptionalStoreAsync<IPrefixApiKeyStore>([WithPrefix("abcd"), NewKey()]);
        Assert.That(await store.FindByPrefixAsync([prefix], 10, default), Is.Empty);
        Assert.That(await store.FindByPrefixAsync([], 10, default), Is.Empty);
    }

    [Test]
    public async Task FindByPrefix_ManyKeys_ReturnsAtMostTheLimit()
    {
        var keys = Enumerable.Range(0, 7).Select(_ => WithPrefix("same")).ToList();
        var store = await CreateOptionalStoreAsync<IPrefixApiKeyStore>(keys);
        Assert.That((await store.FindByPrefixAsync(["same"], 5, default)).Select(key => key.Id).Distinct().Count(), Is.EqualTo(5));
    }

    [Test]
    public async Task FindByPrefix_DisabledOrExpiredKey_ReturnsTheKey()
    {
        ApiKey[] keys = [WithPrefix("a") with { Enabled = false }, WithPrefix("a") with { ExpiresAt = new ApiKeyExpiry(Sample.Now) }];
        var store = await CreateOptionalStoreAsync<IPrefixApiKeyStore>(keys);
        var found = await store.FindByPrefixAsync(["a"], 10, default);
        Assert.That(
            found.Select(key => (key.Id, key.GetStatus(Sample.Now))),
            Is.EquivalentTo(keys.Select(key => (key.Id, key.GetStatus(Sample.Now)))));
    }

    private ApiKey WithPrefix(string prefix) => NewKey() with { Secrets = [Sample.SaltedSecret(prefix)] };

    private Task<IBatchApiKeyStore> CreateBatchStoreAsync(IReadOnlyList<ApiKey> keys) => CreateOptionalStoreAsync<IBatchApiKeyStore>(keys);

    private async Task<TStore> CreateOptionalStoreAsync<TStore>(IReadOnlyList<ApiKey> keys)
        where TStore : class, IApiKeyStore
    {
        // Before the store gets keys that only such a store can hold.
        if (await CreateStoreAsync([]) is var empty && empty is not TStore)
        {
            Assert.Ignore($"{empty.GetType().Name} does not implement {typeof(TStore).Name}, which is optional.");
        }

        return (TStore)await CreateStoreAsync(keys);
    }
}
