using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Conformance.Stores;

public abstract partial class ApiKeyUsageConformance
{
    /// <summary>Eight concurrent flushes with different orders count every use once.</summary>
    [Test]
    public async Task AddUsage_ConcurrentFlushes_SumsExactly()
    {
        var keys = Enumerable.Range(0, 5).Select(_ => Sample.Key()).ToArray();
        var (store, uses) = await CreateAsync(keys);

        await RunConcurrentlyAsync(8, async worker =>
        {
            for (var round = 0; round < 10; round++)
            {
                // A store that locks keys in the given order deadlocks.
                var batch = keys.Select(key => Sample.UsageRecord(key, worker + 1, Sample.Now.AddSeconds((worker * 10) + round)) with
                {
                    Network = $"net{round % 3}",
                });
                await uses.AddUsageAsync(Sample.Batch([.. worker % 2 == 0 ? batch : batch.Reverse()]), default);
            }

            return 0;
        });

        foreach (var key in keys)
        {
            var read = await GetAsync(store, key);
            var history = await GetHistoryAsync(uses, key);
            Assert.That(
                (read.UsageCount, read.LastUsedAt, read.Version),
                Is.EqualTo((360L, (DateTimeOffset?)Sample.Now.AddSeconds(79), 1L)));
            Assert.That(read.Secrets[0].LastUsedAt, Is.EqualTo(Sample.Now.AddSeconds(79)));
            Assert.That((history.Periods.Sum(period => period.Count), history.NetworkCount), Is.EqualTo((360L, 3L)));
        }
    }

    /// <summary>A late flush does not replace the last use with an earlier time.</summary>
    [Test]
    public async Task AddUsage_EarlierTime_KeepsTheLaterLastUse()
    {
        var key = Sample.Key() with { Secrets = [Sample.Secret(), Sample.Secret()] };
        var (store, uses) = await CreateAsync(key);
        ApiKeyUsageRecord CreateRecord(int hours, int secret) => Sample.UsageRecord(key, 1, Sample.Now.AddHours(hours), secret);
        await uses.AddUsageAsync(Sample.Batch(CreateRecord(0, secret: 0), CreateRecord(-2, secret: 1)), default);
        await uses.AddUsageAsync(Sample.Batch(CreateRecord(-1, secret: 0), CreateRecord(-1, secret: 1)), default);

        var read = await GetAsync(store, key);
        Assert.That((read.UsageCount, read.LastUsedAt), Is.EqualTo((4L, (DateTimeOffset?)Sample.Now)));
        Assert.That(
            read.Secrets.Select(secret => secret.LastUsedAt),
            Is.EqualTo(new DateTimeOffset?[] { Sample.Now, Sample.Now.AddHours(-1) }));
        Assert.That((await store.ListAsync(new(), default))[0].UsageCount, Is.EqualTo(4));
    }

    /// <summary>A rotation or another change of a key keeps its usage and the last uses of its secrets.</summary>
    [Test]
    public async Task Update_RotatedKey_KeepsItsUsage()
    {
        var key = Sample.Key();
        var retiring = key.Secrets[0] with { ExpiresAt = Sample.Now.AddHours(1) };
        var (store, uses) = await CreateAsync(key);
        await uses.AddUsageAsync(Sample.Batch(Sample.UsageRecord(key, 3, Sample.Now)), default);

        var rotated = key with { Version = 1, Secrets = [Sample.Secret(), retiring] };
        Assert.That(await store.TryUpdateAsync(rotated, Sample.AuditEntry(key, "rotate"), default), Is.True);

        var read = await GetAsync(store, key);
        Assert.That(read.Secrets.Select(secret => secret.LastUsedAt), Is.EqualTo(new DateTimeOffset?[] { null, Sample.Now }));
        Assert.That((read.UsageCount, read.LastUsedAt), Is.EqualTo((3L, (DateTimeOffset?)Sample.Now)));
    }

    /// <summary>A call that is cancelled before it begins does nothing.</summary>
    [Test]
    public async Task AddUsage_Canceled_ChangesNothing()
    {
        var key = Sample.Key();
        var (store, uses) = await CreateAsync(key);
        var (token, batch) = (new CancellationToken(canceled: true), Sample.Batch(Sample.UsageRecord(key, 1, Sample.Now)));
        Func<Task>[] calls =
        [
            async () => await uses.AddUsageAsync(batch, token),
            async () => await uses.GetUsageAsync(new() { KeyId = key.Id, From = Sample.Now, To = Sample.Now }, token),
            async () => await uses.RollUpUsageAsync(CreateRetention(Sample.Now), token),
        ];
        foreach (var call in calls)
        {
            Assert.That(call, Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That((await GetAsync(store, key)).UsageCount, Is.Zero);
        await uses.AddUsageAsync(batch, default);
        Assert.That((await GetAsync(store, key)).UsageCount, Is.EqualTo(1), "the batch was not taken for stored");
    }

    /// <summary>A batch that is sent again, sequentially or concurrently, counts once.</summary>
    [Test]
    public async Task AddUsage_RepeatedBatch_CountsOnce()
    {
        var key = Sample.Key();
        var (store, uses) = await CreateAsync(key);
        var (first, second) = (Sample.Batch(Sample.UsageRecord(key, 3, Sample.Now)), Sample.Batch(Sample.UsageRecord(key, 4, Sample.Now)));
        await uses.AddUsageAsync(first, default);
        await uses.AddUsageAsync(first, default);
        await RunConcurrentlyAsync(8, async _ =>
        {
            await uses.AddUsageAsync(second, default);
            return 0;
        });

        Assert.That((await GetAsync(store, key)).UsageCount, Is.EqualTo(7));
        Assert.That((await GetHistoryAsync(uses, key)).Periods.Sum(period => period.Count), Is.EqualTo(7));
    }

    /// <summary>Uses of a deleted key are skipped, even if a key with the same ID is created later.</summary>
    [Test]
    public async Task AddUsage_DeletedKey_IsSkippedAndRestoresNothing()
    {
        var (deleted, present) = (Sample.Key(), Sample.Key());
        var (store, uses) = await CreateAsync(deleted, present);
        ApiKeyScopeLastUse[] scopes = [new() { KeyId = deleted.Id, Scope = "a:read", LastUsedAt = Sample.Now }];
        await uses.AddUsageAsync(Sample.Batch(Sample.UsageRecord(deleted, 1, Sample.Now)) with { Scopes = scopes }, default);
        await store.TryDeleteAsync(deleted with { Version = 1 }, Sample.AuditEntry(deleted, "delete"), default);

        await uses.AddUsageAsync(
            Sample.Batch(Sample.UsageRecord(deleted, 5, Sample.Now), Sample.UsageRecord(present, 2, Sample.Now)) with { Scopes = scopes },
            default);

        Assert.That(await store.GetAsync(deleted.Id, default), Is.Null);
        Assert.That(await store.FindAsync([deleted.Secrets[0].Hash], default), Is.Null);
        Assert.That((await GetAsync(store, present)).UsageCount, Is.EqualTo(2));
        Assert.That(await store.AddAsync(deleted, [], Sample.AuditEntry(deleted), default), Is.EqualTo(ApiKeyAddResult.Added));
        var history = await GetHistoryAsync(uses, deleted);
        Assert.That(((await GetAsync(store, deleted)).UsageCount, history.Periods.Count, history.Scopes.Count), Is.EqualTo((0L, 0, 0)));
    }

    /// <summary>Uses of a secret that a rotation removed count for the key.</summary>
    [Test]
    public async Task AddUsage_RemovedSecret_CountsForTheKey()
    {
        var (key, other) = (Sample.Key(), Sample.Key());
        var (store, uses) = await CreateAsync(key, other);

        await uses.AddUsageAsync(
            Sample.Batch(
                Sample.UsageRecord(key, 1, Sample.Now) with { Hash = Sample.Hash() },
                Sample.UsageRecord(key, 1, Sample.Now) with { Hash = other.Secrets[0].Hash }),
            default);

        var read = await GetAsync(store, key);
        Assert.That((read.UsageCount, read.Secrets[0].LastUsedAt), Is.EqualTo((2L, (DateTimeOffset?)null)));
        Assert.That((await GetAsync(store, other)).Secrets[0].LastUsedAt, Is.Null);
    }

    /// <summary>Flushes and changes of the same keys neither revert nor block each other.</summary>
    [Test]
    public async Task AddUsage_WhileKeysChange_NeitherRevertsNorBlocksChanges()
    {
        var keys = Enumerable.Range(0, 8).Select(_ => Sample.Key()).ToArray();
        var (store, uses) = await CreateAsync(keys);

        await RunConcurrentlyAsync(16, async index =>
        {
            var key = keys[index / 2];
            if (index % 2 == 0)
            {
                for (var round = 0; round < 20; round++)
                {
                    await uses.AddUsageAsync(Sample.Batch(Sample.UsageRecord(key, 1, Sample.Now)), default);
                }
            }
            else if (index % 4 == 1)
            {
                var disabled = key with { Version = 1, Enabled = false };
                Assert.That(await store.TryUpdateAsync(disabled, Sample.AuditEntry(key, "update"), default), Is.True);
            }
            else
            {
                Assert.That(await store.TryDeleteAsync(key with { Version = 1 }, Sample.AuditEntry(key, "delete"), default), Is.True);
            }

            return 0;
        });

        for (var index = 0; index < keys.Length; index++)
        {
            var read = await store.GetAsync(keys[index].Id, default);
            (bool, long, long)? actual = read is null ? null : (read.Enabled, read.Version, read.UsageCount);
            Assert.That(actual, Is.EqualTo(index % 2 == 0 ? (false, 2L, 20L) : ((bool, long, long)?)null));
        }
    }

    /// <summary>An empty batch changes nothing, and key IDs that cannot be stored are skipped.</summary>
    [Test]
    public async Task AddUsage_EmptyBatchOrUnstorableKeyId_ChangesNothing()
    {
        var key = Sample.Key();
        var (store, uses) = await CreateAsync(key);
        await uses.AddUsageAsync(Sample.Batch(), default);
        await uses.AddUsageAsync(
            Sample.Batch(
                Sample.UsageRecord(key, 1, Sample.Now) with { KeyId = "a\0" },
                Sample.UsageRecord(key, 1, Sample.Now) with { KeyId = "a\uD800" }),
            default);
        var unstorable = await GetHistoryAsync(uses, key with { Id = "a\0" });
        Assert.That(((await GetAsync(store, key)).UsageCount, unstorable.Periods.Count), Is.EqualTo((0L, 0)));
    }

    /// <summary>Unused keys are those that were last used, or else created, before the given time.</summary>
    [Test]
    public async Task List_UnusedSince_ReturnsKeysNotUsedSince()
    {
        var (old, used, young) = (Sample.Key("old"), Sample.Key("used"), Sample.Key("young") with { CreatedAt = Sample.Now.AddDays(9) });
        var (store, uses) = await CreateAsync(old, used, young);
        await uses.AddUsageAsync(Sample.Batch(Sample.UsageRecord(used, 1, Sample.Now.AddDays(5))), default);

        async Task<string[]> UnusedAsync(double days)
        {
            var unused = await store.ListAsync(new() { UnusedSince = Sample.Now.AddDays(days) }, default);
            return [.. unused.Select(key => key.Id).Order(StringComparer.Ordinal)];
        }

        Assert.That(await UnusedAsync(0), Is.Empty);
        Assert.That(await UnusedAsync(5), Is.EqualTo(new[] { "old" }));
        Assert.That(await UnusedAsync(6), Is.EqualTo(new[] { "old", "used" }));
        Assert.That(await UnusedAsync(10), Is.EqualTo(new[] { "old", "used", "young" }));
        Assert.That(await store.CountAsync(new() { UnusedSince = Sample.Now.AddDays(6) }, default), Is.EqualTo(2));
    }
}
