namespace ApiKeyAuth.Testing.Stores;

public abstract partial class ApiKeyStoreConformance
{
    [Test]
    public async Task Usage_EightFlushingAtOnce_SumsExactly()
    {
        var store = await CreateStoreAsync();
        var keys = Enumerable.Range(0, 5).Select(_ => Sample.Key()).ToList();
        await AddAllAsync(store, keys);

        await AtOnceAsync(8, async worker =>
        {
            for (var round = 0; round < 10; round++)
            {
                // Each in an order of its own, so that a store that locks in the order given deadlocks.
                var uses = keys.Select(key => Sample.Use(key, worker + 1, Sample.Now.AddSeconds((worker * 10) + round)));
                await store.AddUsageAsync(worker % 2 == 0 ? [.. uses] : [.. uses.Reverse()], default);
            }

            return 0;
        });

        foreach (var key in keys)
        {
            var read = await GetAsync(store, key.Id);
            Assert.That((read.UsageCount, read.LastUsedAt, read.Version), Is.EqualTo((360L, (DateTimeOffset?)Sample.Now.AddSeconds(79), 1L)));
            Assert.That(read.Secrets[0].LastUsedAt, Is.EqualTo(Sample.Now.AddSeconds(79)));
        }
    }

    [Test]
    public async Task Usage_EarlierMoment_DoesNotTurnTheLastUseBack()
    {
        var store = await CreateStoreAsync();
        var key = Sample.Key() with { Secrets = [Sample.Secret(), Sample.Secret()] };
        await AddAllAsync(store, [key]);
        await store.AddUsageAsync([Sample.Use(key, 1, Sample.Now), Sample.Use(key, 1, Sample.Now.AddHours(-2), secret: 1)], default);
        await store.AddUsageAsync([Sample.Use(key, 1, Sample.Now.AddHours(-1)), Sample.Use(key, 1, Sample.Now.AddHours(-1), secret: 1)], default);

        var read = await GetAsync(store, key.Id);
        Assert.That((read.UsageCount, read.LastUsedAt), Is.EqualTo((4L, (DateTimeOffset?)Sample.Now)));
        Assert.That(read.Secrets.Select(secret => secret.LastUsedAt), Is.EqualTo(new DateTimeOffset?[] { Sample.Now, Sample.Now.AddHours(-1) }));
        Assert.That((await store.ListAsync(new(), default))[0].UsageCount, Is.EqualTo(4));
    }

    [Test]
    public async Task Usage_OfAKeyThatIsGone_IsSkippedAndBringsNothingBack()
    {
        var store = await CreateStoreAsync();
        var (gone, present) = (Sample.Key(), Sample.Key());
        await AddAllAsync(store, [gone, present]);
        await DeleteAsync(store, gone with { Version = 1 });

        await store.AddUsageAsync([Sample.Use(gone, 5, Sample.Now), Sample.Use(present, 2, Sample.Now)], default);

        Assert.That(await store.GetAsync(gone.Id, default), Is.Null);
        Assert.That(await store.FindAsync([gone.Secrets[0].Hash], default), Is.Null);
        Assert.That((await GetAsync(store, present.Id)).UsageCount, Is.EqualTo(2));
        await AddAllAsync(store, [gone]);
        Assert.That((await GetAsync(store, gone.Id)).UsageCount, Is.Zero);
    }

    [Test]
    public async Task Usage_OfASecretThatIsGone_CountsForTheKey()
    {
        var store = await CreateStoreAsync();
        var (key, other) = (Sample.Key(), Sample.Key());
        await AddAllAsync(store, [key, other]);

        await store.AddUsageAsync(
            [Sample.Use(key, 1, Sample.Now) with { Hash = Sample.Hash() }, Sample.Use(key, 1, Sample.Now) with { Hash = other.Secrets[0].Hash }], default);

        var read = await GetAsync(store, key.Id);
        Assert.That((read.UsageCount, read.Secrets[0].LastUsedAt), Is.EqualTo((2L, (DateTimeOffset?)null)));
        Assert.That((await GetAsync(store, other.Id)).Secrets[0].LastUsedAt, Is.Null);
    }

    [Test]
    public async Task Usage_WhileKeysChange_NeitherRevertsNorBlocksAChange()
    {
        var store = await CreateStoreAsync();
        var keys = Enumerable.Range(0, 8).Select(_ => Sample.Key()).ToList();
        await AddAllAsync(store, keys);

        await AtOnceAsync(16, async index =>
        {
            var key = keys[index / 2];
            if (index % 2 == 0)
            {
                for (var round = 0; round < 20; round++)
                {
                    await store.AddUsageAsync([Sample.Use(key, 1, Sample.Now)], default);
                }
            }
            else if (index % 4 == 1)
            {
                Assert.That(await UpdateAsync(store, key with { Version = 1, Enabled = false }), Is.True);
            }
            else
            {
                Assert.That(await DeleteAsync(store, key with { Version = 1 }), Is.True);
            }

            return 0;
        });

        for (var index = 0; index < keys.Count; index++)
        {
            var read = await store.GetAsync(keys[index].Id, default);
            (bool, long, long)? actual = read is null ? null : (read.Enabled, read.Version, read.UsageCount);
            Assert.That(actual, Is.EqualTo(index % 2 == 0 ? (false, 2L, 20L) : ((bool, long, long)?)null));
        }
    }

    [Test]
    public async Task Usage_None_IsNothing()
    {
        var store = await CreateStoreAsync();
        await store.AddUsageAsync([], default);
        Assert.That(await store.CountAsync(new() { AllTenants = true }, default), Is.Zero);
    }
}
