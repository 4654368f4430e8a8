using ApiKeyAuth.Caching;
using ApiKeyAuth.Connections;
using ApiKeyAuth.Connections.Checks;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Caching;
using ApiKeyAuth.Tests.Stores;

namespace ApiKeyAuth.Tests.Connections;

/// <summary>Tests when keys with open connections are read again, and what happens if they cannot be read.</summary>
public sealed class StreamMonitorTests
{
    private const string Id = "k";
    private const string Secret = "s";
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1.25);

    [Test]
    public async Task Invalidated_ThousandConnections_ReadsOnceAndEndsThem()
    {
        var key = CacheRig.Key(Id, Secret);
        var store = new ScriptedStore((_, _) => ValueTask.FromResult<ApiKey?>(key));
        using var rig = new StreamRig(store);
        var requests = Enumerable.Range(0, 1_000).Select(_ => new StreamRig.FakeRequest()).ToArray();
        foreach (var request in requests)
        {
            await rig.OpenAsync(Secret, request);
        }

        Assert.That(store.Calls, Is.EqualTo(1));
        key = key with { Enabled = false };
        rig.Cache.Invalidate(Id);
        await Eventually.IsTrueAsync(() => rig.Streams.IsEmpty && rig.Counted.Count >= 1_000);
        Assert.That(store.Calls, Is.EqualTo(2));
        Assert.That(requests.All(request => request.IsAborted));
        Assert.That(rig.Counted, Has.Count.EqualTo(1_000).And.All.EqualTo("invalid_api_key"));
    }

    [Test]
    public async Task Invalidated_StoreDownForALease_EndsTheConnection()
    {
        var store = new ScriptedStore(CacheRig.Key(Id, Secret));
        using var rig = new StreamRig(store);
        var stream = await rig.OpenAsync(Secret);
        store.IsDown = true;
        rig.Cache.Invalidate(Id);
        await Eventually.IsTrueAsync(() => store.Calls == 2);
        rig.Clock.Advance(Sweep);
        rig.Clock.Advance(Sweep);
        Assert.That(stream.IsEnded, Is.False);
        Assert.That(rig.Monitor.IsAllowed(stream), Is.False, "the connection is paused meanwhile");
        rig.Clock.Advance(Sweep);
        rig.Clock.Advance(Sweep);
        Assert.That(stream.IsEnded);
        Assert.That(rig.Counted, Is.EqualTo(new[] { "key_store_unavailable" }));
        Assert.That(rig.Streams.IsEmpty);
    }

    [Test]
    public async Task Invalidated_StoreBackWithinALease_KeepsTheConnection()
    {
        var store = new ScriptedStore(CacheRig.Key(Id, Secret));
        using var rig = new StreamRig(store);
        var stream = await rig.OpenAsync(Secret);
        store.IsDown = true;
        rig.Cache.Invalidate(Id);
        await Eventually.IsTrueAsync(() => store.Calls == 2);
        store.IsDown = false;

        // The failed read may not have been recorded yet. A later sweep then starts the next one.
        await Eventually.IsTrueAsync(() => rig.Streams.Find(Id)!.GetDueAction(0, 0, isLeaseHeld: true) == StreamAction.Check);
        rig.Clock.Advance(Sweep);
        await rig.ConfirmedAsync(Id);
        await rig.PassAsync(Sweep * 8, Id);
        Assert.That((stream.IsEnded, rig.Monitor.IsAllowed(stream)), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task Invalidated_DuringARead_ReadsAgain()
    {
        var store = new GatedStore();
        using var rig = new StreamRig(store);
        var lookup = CacheRig.FindAsync(rig.Cache, rig.Clock, Secret);
        (await store.NextAsync()).Answer(CacheRig.Key(Id, Secret));
        var stream = rig.Open((await lookup).Key!, new StreamRig.FakeRequest());
        rig.Cache.Invalidate(Id);
        var first = await store.NextAsync();
        rig.Cache.Invalidate(Id);
        first.Answer(CacheRig.Key(Id, Secret));
        (await store.NextAsync()).Answer(null);
        await Eventually.IsTrueAsync(() => stream.IsEnded);
    }

    [Test]
    public async Task InvalidatedAll_OneOfTwoKeysDeleted_EndsItsConnectionOnly()
    {
        ApiKey[] keys = [CacheRig.Key("one", "s1"), CacheRig.Key("two", "s2")];
        var store = new ScriptedStore((hashes, _) => ValueTask.FromResult(Array.Find(keys, key => hashes.Contains(key.Secrets[0].Hash))));
        using var rig = new StreamRig(store);
        var (deleted, kept) = (await rig.OpenAsync("s1"), await rig.OpenAsync("s2"));
        keys = [keys[1]];
        rig.Cache.InvalidateAll();
        await Eventually.IsTrueAsync(() => deleted.IsEnded);
        await rig.ConfirmedAsync("two");
        Assert.That(kept.IsEnded, Is.False);
    }

    [Test]
    public async Task Open_KeyInvalidatedAfterAuthorization_ReadsTheKeyAndEnds()
    {
        var key = CacheRig.Key(Id, Secret);
        using var rig = new StreamRig(new ScriptedStore((_, _) => ValueTask.FromResult<ApiKey?>(key)));
        var authorized = (await CacheRig.FindAsync(rig.Cache, rig.Clock, Secret)).Key!;
        key = null;
        rig.Cache.Invalidate(Id);
        var stream = rig.Open(authorized, new StreamRig.FakeRequest());
        await Eventually.IsTrueAsync(() => stream.IsEnded);
    }

    [Test]
    public async Task Close_BeforeTheKeyEnds_DoesNotAbortTheRequest()
    {
        var key = CacheRig.Key(Id, Secret);
        var store = new ScriptedStore((_, _) => ValueTask.FromResult<ApiKey?>(key));
        using var rig = new StreamRig(store);
        var request = new StreamRig.FakeRequest();
        var stream = await rig.OpenAsync(Secret, request);
        var other = await rig.OpenAsync(Secret);
        OpenStreams.Remove(stream);
        key = null;
        rig.Cache.Invalidate(Id);
        await Eventually.IsTrueAsync(() => other.IsEnded);
        await Eventually.IsTrueAsync(() => !rig.Counted.IsEmpty);
        Assert.That((request.IsAborted, stream.TryEnd()), Is.EqualTo((false, false)));
        Assert.That(rig.Counted, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task LeaseLost_StoreUp_ReadsTheKeyAndKeepsTheConnection()
    {
        var store = new ScriptedStore(CacheRig.Key(Id, Secret));
        using var rig = new StreamRig(store, hasBackplane: true);
        rig.Lease.Renew(rig.Clock.GetTimestamp());
        var stream = await rig.OpenAsync(Secret);
        Assert.That(store.Calls, Is.EqualTo(1));
        await rig.PassAsync(Sweep * 16, Id);
        Assert.That(stream.IsEnded, Is.False);
        Assert.That(store.Calls, Is.GreaterThanOrEqualTo(4), "the key is read at least once per lease");
    }

    [Test]
    public async Task LeaseLost_KeyRevokedInTheStoreOnly_EndsItsConnectionOnly()
    {
        ApiKey[] keys = [CacheRig.Key(Id, Secret), CacheRig.Key("other", "s2")];
        var store = new ScriptedStore((hashes, _) => ValueTask.FromResult(Array.Find(keys, key => hashes.Contains(key.Secrets[0].Hash))));
        using var rig = new StreamRig(store, hasBackplane: true);
        rig.Lease.Renew(rig.Clock.GetTimestamp());
        var (stream, other) = (await rig.OpenAsync(Secret), await rig.OpenAsync("s2"));
        keys[0] = keys[0] with { Enabled = false };
        rig.Clock.Advance(Sweep);
        Assert.That(stream.IsEnded, Is.False, "the lease is held");
        await rig.PassAsync(Sweep * 4, "other");
        await Eventually.IsTrueAsync(() => stream.IsEnded);
        Assert.That(other.IsEnded, Is.False);
    }

    [Test]
    public async Task LeaseLost_StoreDown_EndsTheConnectionWithinOneLease()
    {
        var store = new ScriptedStore(CacheRig.Key(Id, Secret));
        using var rig = new StreamRig(store, hasBackplane: true);
        rig.Lease.Renew(rig.Clock.GetTimestamp());
        var stream = await rig.OpenAsync(Secret);
        store.IsDown = true;
        rig.Clock.Advance(Sweep * 3);
        Assert.That(stream.IsEnded, Is.False, "the lease is held");

        // The lease ends after 4.75 of 5 seconds, because the clocks of two machines differ.
        rig.Clock.Advance(Sweep);
        for (var sweep = 0; sweep < 3; sweep++)
        {
            rig.Clock.Advance(Sweep);
        }

        Assert.That(stream.IsEnded);
    }

    [Test]
    public async Task StoreDown_NothingChanged_KeepsTheConnectionUntilMaxStaleness()
    {
        var store = new ScriptedStore(CacheRig.Key(Id, Secret));
        using var rig = new StreamRig(store, options: new ApiKeyCacheOptions { MaxStaleness = TimeSpan.FromSeconds(60) });
        var stream = await rig.OpenAsync(Secret);
        store.IsDown = true;
        for (var second = 0; second < 115; second += 5)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.That(stream.IsEnded, Is.False);
        await Eventually.IsTrueAsync(() => stream.KeyStreams!.HasFailed);
        for (var second = 0; second < 20 && !stream.IsEnded; second += 5)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.That(stream.IsEnded);
    }

    [Test]
    public async Task Invalidated_HashWasUpgradedWithAPepper_KeepsTheConnection()
    {
        var pepper = new ApiKeyPepper("p", [.. Enumerable.Repeat((byte)1, 32)]);
        var hasher = new ApiKeyHasher([pepper], acceptUnpeppered: true);
        var key = CacheRig.Key(Id, Secret);
        var store = new ScriptedStore((hashes, _) =>
            ValueTask.FromResult(key.Secrets.Any(secret => hashes.Contains(secret.Hash)) ? key : null));
        using var rig = new StreamRig(store, hasher: hasher);
        var stream = await rig.OpenAsync(Secret);
        key = key with { Secrets = [new ApiKeySecret { Hash = hasher.Hash(Secret) }] };
        rig.Cache.Invalidate(Id);
        await rig.ConfirmedAsync(Id);
        Assert.That(stream.IsEnded, Is.False);
    }

    [Test]
    public async Task Close_LastConnection_StopsReadingTheKey()
    {
        var store = new ScriptedStore(CacheRig.Key(Id, Secret));
        using var rig = new StreamRig(store);
        OpenStreams.Remove(await rig.OpenAsync(Secret));
        rig.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.That((rig.Streams.IsEmpty, store.Calls), Is.EqualTo((true, 1)));
    }
}
