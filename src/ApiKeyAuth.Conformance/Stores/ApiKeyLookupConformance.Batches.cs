using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Conformance.Stores;

/// <summary>Tests <see cref="IBatchApiKeyStore"/>, which is optional for a store.</summary>
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

    private async Task<IBatchApiKeyStore> CreateBatchStoreAsync(IReadOnlyList<ApiKey> keys)
    {
        var store = await CreateStoreAsync(keys);
        if (store is not IBatchApiKeyStore)
        {
            Assert.Ignore($"{store.GetType().Name} does not implement IBatchApiKeyStore, which is optional.");
        }

        return (IBatchApiKeyStore)store;
    }
}
