using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Conformance.Stores;

/// <summary>Defines the tests that every key store must pass. Inherit one fixture for each store.</summary>
public abstract partial class ApiKeyLookupConformance
{
    /// <summary>Gets a value indicating whether the store can contain a revoked key. The default is true.</summary>
    /// <remarks>It is false for a store from which revoked keys are removed, such as a configuration file.</remarks>
    protected virtual bool KeepsRevokedKeys => true;

    /// <summary>Gets a value indicating whether the store keeps several secrets of a key. The default is true.</summary>
    /// <remarks>It is false for a table with one hash in each row.</remarks>
    protected virtual bool KeepsSeveralSecrets => true;

    /// <summary>
    /// Gets whether the store keeps the ID of the pepper that made a hash; false for a table of plain SHA-256. The default is true.
    /// </summary>
    protected virtual bool KeepsPepperIds => true;

    /// <summary>
    /// Returns the ID of a new key. Override it for a table with its own type of ID, such as a number or a GUID.
    /// </summary>
    protected virtual string NewKeyId() => Sample.Id();

    /// <summary>Creates a store with exactly these keys, including at least their hashes, scopes, state, revocation and expiry.</summary>
    protected abstract ValueTask<IApiKeyStore> CreateStoreAsync(IReadOnlyList<ApiKey> keys);

    [Test]
    public async Task Find_KnownHash_ReturnsTheKeyWithItsScopesAndStatus()
    {
        var key = NewKey() with { Scopes = ScopeSet.Create(["orders:*", "leads:read"]), ExpiresAt = new ApiKeyExpiry(Sample.Now) };
        var store = await CreateStoreAsync([NewKey(), key, NewKey()]);

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
    public async Task Find_AnySecretOfAKey_ReturnsTheKeyWithAllSecrets()
    {
        var key = NewKey() with { Secrets = [.. Enumerable.Range(0, KeepsSeveralSecrets ? 3 : 1).Select(_ => Sample.Secret())] };
        var store = await CreateStoreAsync([NewKey(), key]);

        foreach (var each in key.Secrets)
        {
            var found = await store.FindAsync([each.Hash], default);
            Assert.That(found?.Id, Is.EqualTo(key.Id));
            Assert.That(found?.Secrets.Select(secret => secret.Hash), Is.EquivalentTo(key.Secrets.Select(secret => secret.Hash)));
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(5)]
    [TestCase(9)]
    public async Task Find_SeveralHashes_ReturnsTheKeyWithOneOfThem(int count)
    {
        var key = NewKey();
        var store = await CreateStoreAsync([NewKey(), key]);
        for (var position = 0; position < count; position++)
        {
            var hashes = Enumerable.Range(0, count).Select(index => index == position ? key.Secrets[0].Hash : Sample.Hash()).ToList();
            Assert.That((await store.FindAsync(hashes, default))?.Id, Is.EqualTo(key.Id), $"position {position} of {count}");
        }
    }

    [Test]
    public async Task Find_HashesOfTwoKeys_ReturnsTheKeyOfTheFirstHash()
    {
        ApiKey[] keys = [NewKey(), NewKey()];
        var store = await CreateStoreAsync(keys);

        Assert.That((await store.FindAsync([keys[1].Secrets[0].Hash, keys[0].Secrets[0].Hash], default))?.Id, Is.EqualTo(keys[1].Id));
        Assert.That((await store.FindAsync([keys[0].Secrets[0].Hash, keys[1].Secrets[0].Hash], default))?.Id, Is.EqualTo(keys[0].Id));
    }

    [Test]
    public async Task Find_SameDigestWithAnotherPepper_ReturnsNull()
    {
        ApiKey[] keys = [NewKey(), NewKey() with { Secrets = [Sample.Secret(Sample.Hash(KeepsPepperIds ? "p1" : null))] }];
        var store = await CreateStoreAsync(keys);

        Assert.That(await store.FindAsync([new ApiKeyHash(keys[0].Secrets[0].Hash.Digest, "p1")], default), Is.Null);
        Assert.That(await store.FindAsync([new ApiKeyHash(keys[1].Secrets[0].Hash.Digest, "p2")], default), Is.Null);
        Assert.That(await store.FindAsync([new ApiKeyHash(keys[1].Secrets[0].Hash.Digest, "P1")], default), Is.Null);
        Assert.That(
            (await store.FindAsync([new ApiKeyHash(keys[1].Secrets[0].Hash.Digest)], default))?.Id,
            Is.EqualTo(KeepsPepperIds ? null : keys[1].Id));
    }

    [Test]
    public async Task Find_DigestDiffersInOneBit_ReturnsNull([Values(0, 15, 31)] int index)
    {
        var key = NewKey();
        var store = await CreateStoreAsync([key]);
        var digest = key.Secrets[0].Hash.Digest.ToArray();
        digest[index] ^= 1;

        Assert.That(await store.FindAsync([new ApiKeyHash(digest)], default), Is.Null);
    }

    [Test]
    public async Task Find_UnknownHashes_ReturnsNull()
    {
        var store = await CreateStoreAsync([NewKey()]);

        Assert.That(await store.FindAsync([Sample.Hash()], default), Is.Null);
        Assert.That(await store.FindAsync([Sample.Hash("p1"), Sample.Hash(), Sample.Hash("p2")], default), Is.Null);
        Assert.That(await store.FindAsync([], default), Is.Null);
    }

    [Test]
    public async Task Find_DisabledRevokedOrExpiredKey_ReturnsTheKey()
    {
        ApiKey[] keys =
        [
            NewKey() with { Enabled = false },
            .. KeepsRevokedKeys ? [NewKey() with { RevokedAt = Sample.Now }] : Array.Empty<ApiKey>(),
            NewKey() with { ExpiresAt = new ApiKeyExpiry(new DateOnly(2001, 2, 3)) },
        ];
        var store = await CreateStoreAsync(keys);

        foreach (var key in keys)
        {
            var found = await store.FindAsync([key.Secrets[0].Hash], default);
            Assert.That(found?.GetStatus(Sample.Now), Is.EqualTo(key.GetStatus(Sample.Now)));
        }
    }

    private protected ApiKey NewKey() => Sample.Key(NewKeyId());
}
