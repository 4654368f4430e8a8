using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Testing.Stores;

/// <summary>What verification needs of any store; a store of the app's own inherits it in one fixture.</summary>
public abstract partial class ApiKeyLookupConformance
{
    /// <summary>Whether the store can hold a key that was revoked; false for one from which such a key is taken out, as from a configuration file.</summary>
    protected virtual bool KeepsRevokedKeys => true;

    /// <summary>Makes a store that holds these keys and no others, with their hashes, scopes, switch, revocation and expiry at least.</summary>
    protected abstract ValueTask<IApiKeyStore> CreateStoreAsync(IReadOnlyList<ApiKey> keys);

    [Test]
    public async Task Find_ByItsHash_GivesTheKeyAndWhatDecidesOnIt()
    {
        var key = Sample.Key() with { Scopes = ScopeSet.Create(["orders:*", "leads:read"]), ExpiresAt = new ApiKeyExpiry(Sample.Now) };
        var store = await CreateStoreAsync([Sample.Key(), key, Sample.Key()]);

        var found = await store.FindAsync([key.Secrets[0].Hash], default);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found?.Id, Is.EqualTo(key.Id));
            Assert.That(found?.Scopes, Is.EqualTo(key.Scopes));
            Assert.That(found?.ExpiresAt?.Instant, Is.EqualTo(key.ExpiresAt?.Instant));
            Assert.That(found?.Enabled, Is.True);
            Assert.That(found?.RevokedAt, Is.Null);
        }
    }

    [Test]
    public async Task Find_ByEachOfItsSecrets_GivesTheKeyWithAllOfThem()
    {
        var key = Sample.Key() with { Secrets = [Sample.Secret(), Sample.Secret(), Sample.Secret()] };
        var store = await CreateStoreAsync([Sample.Key(), key]);

        foreach (var secret in key.Secrets)
        {
            var found = await store.FindAsync([secret.Hash], default);
            Assert.That(found?.Id, Is.EqualTo(key.Id));
            Assert.That(found?.Secrets.Select(held => held.Hash), Is.EquivalentTo(key.Secrets.Select(held => held.Hash)));
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(5)]
    [TestCase(9)]
    public async Task Find_BySeveralHashes_GivesTheKeyThatHasOneOfThem(int count)
    {
        var key = Sample.Key();
        var store = await CreateStoreAsync([Sample.Key(), key]);
        for (var place = 0; place < count; place++)
        {
            var hashes = Enumerable.Range(0, count).Select(index => index == place ? key.Secrets[0].Hash : Sample.Hash()).ToList();
            Assert.That((await store.FindAsync(hashes, default))?.Id, Is.EqualTo(key.Id), $"at place {place} of {count}");
        }
    }

    [Test]
    public async Task Find_BySeveralHashesOfTwoKeys_GivesTheKeyOfTheFirst()
    {
        ApiKey[] keys = [Sample.Key(), Sample.Key()];
        var store = await CreateStoreAsync(keys);

        Assert.That((await store.FindAsync([keys[1].Secrets[0].Hash, keys[0].Secrets[0].Hash], default))?.Id, Is.EqualTo(keys[1].Id));
        Assert.That((await store.FindAsync([keys[0].Secrets[0].Hash, keys[1].Secrets[0].Hash], default))?.Id, Is.EqualTo(keys[0].Id));
    }

    [Test]
    public async Task Find_SameDigestOfAnotherPepper_GivesNothing()
    {
        ApiKey[] keys = [Sample.Key() with { Secrets = [Sample.Secret(Sample.Hash())] }, Sample.Key() with { Secrets = [Sample.Secret(Sample.Hash("p1"))] }];
        var store = await CreateStoreAsync(keys);

        Assert.That(await store.FindAsync([new ApiKeyHash(keys[0].Secrets[0].Hash.Digest, "p1")], default), Is.Null);
        Assert.That(await store.FindAsync([new ApiKeyHash(keys[1].Secrets[0].Hash.Digest, "p2")], default), Is.Null);
        Assert.That(await store.FindAsync([new ApiKeyHash(keys[1].Secrets[0].Hash.Digest, "P1")], default), Is.Null);
        Assert.That(await store.FindAsync([new ApiKeyHash(keys[1].Secrets[0].Hash.Digest)], default), Is.Null);
    }

    [Test]
    public async Task Find_DigestThatDiffersInOneBit_GivesNothing([Values(0, 15, 31)] int place)
    {
        var key = Sample.Key();
        var store = await CreateStoreAsync([key]);
        var digest = key.Secrets[0].Hash.Digest.ToArray();
        digest[place] ^= 1;

        Assert.That(await store.FindAsync([new ApiKeyHash(digest)], default), Is.Null);
    }

    [Test]
    public async Task Find_UnknownHashes_GivesNothing()
    {
        var store = await CreateStoreAsync([Sample.Key()]);

        Assert.That(await store.FindAsync([Sample.Hash()], default), Is.Null);
        Assert.That(await store.FindAsync([Sample.Hash("p1"), Sample.Hash(), Sample.Hash("p2")], default), Is.Null);
        Assert.That(await store.FindAsync([], default), Is.Null);
    }

    [Test]
    public async Task Find_KeyThatIsRefused_GivesItAllTheSame()
    {
        ApiKey[] keys =
        [
            Sample.Key() with { Enabled = false },
            .. KeepsRevokedKeys ? [Sample.Key() with { RevokedAt = Sample.Now }] : Array.Empty<ApiKey>(),
            Sample.Key() with { ExpiresAt = new ApiKeyExpiry(new DateOnly(2001, 2, 3)) },
        ];
        var store = await CreateStoreAsync(keys);

        foreach (var key in keys)
        {
            var found = await store.FindAsync([key.Secrets[0].Hash], default);
            Assert.That(found?.GetStatus(Sample.Now), Is.EqualTo(key.GetStatus(Sample.Now)));
        }
    }
}
