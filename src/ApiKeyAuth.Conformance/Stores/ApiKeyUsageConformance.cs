using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Conformance.Stores;

/// <summary>
/// Defines the tests that every writable store with <see cref="IApiKeyUsageStore"/> must pass. It includes the tests of writable stores.
/// </summary>
public abstract partial class ApiKeyUsageConformance : ApiKeyStoreConformance
{
    /// <summary>A lookup returns the last use of a key that expires when it is not used.</summary>
    [Test]
    public async Task Find_KeyWithIdleTime_ReturnsItsLastUse()
    {
        var key = Sample.Key() with { ExpiresAfterIdleDays = 30 };
        var unused = Sample.Key() with { ExpiresAfterIdleDays = 30 };
        var other = Sample.Key();
        var (store, uses) = await CreateAsync(key, unused, other);
        await uses.AddUsageAsync(
            Sample.Batch(Sample.UsageRecord(key, 1, Sample.Now.AddDays(1)), Sample.UsageRecord(other, 1, Sample.Now)), default);

        Assert.That((await store.FindAsync([key.Secrets[0].Hash], default))?.LastUsedAt, Is.EqualTo(Sample.Now.AddDays(1)));
        var unusedKey = await store.FindAsync([unused.Secrets[0].Hash], default);
        Assert.That((unusedKey?.ExpiresAfterIdleDays, unusedKey?.LastUsedAt), Is.EqualTo((30, (DateTimeOffset?)null)));
        if (store is IBatchApiKeyStore batches)
        {
            ApiKey[] keys = [other, unused, key];
            var found = await batches.FindManyAsync([.. keys.Select(each => new[] { each.Secrets[0].Hash })], default);
            Assert.That(
                found.Skip(1).Select(each => each?.LastUsedAt), Is.EqualTo(new DateTimeOffset?[] { null, Sample.Now.AddDays(1) }));
        }
    }

    /// <summary>A use extends the lifetime of a key that expires when it is not used, in every filter.</summary>
    [Test]
    public async Task List_UsedKeyWithIdleTime_CountsFromItsLastUse()
    {
        var key = Sample.Key() with { CreatedAt = Sample.Now.AddDays(-10), ExpiresAfterIdleDays = 1 };
        var (store, uses) = await CreateAsync(key);
        var end = Sample.Now.AddDays(1) + ApiKey.IdleTolerance;
        async Task<long> CountAsync(ApiKeyFilter filter) => await store.CountAsync(filter, default);
        Assert.That(await CountAsync(new() { Status = ApiKeyStatus.Idle, Now = Sample.Now }), Is.EqualTo(1));
        await uses.AddUsageAsync(Sample.Batch(Sample.UsageRecord(key, 1, Sample.Now)), default);

        Assert.That(await CountAsync(new() { Status = ApiKeyStatus.Active, Now = end.AddTicks(-1) }), Is.EqualTo(1));
        Assert.That(await CountAsync(new() { Status = ApiKeyStatus.Idle, Now = end.AddTicks(-1) }), Is.Zero);
        Assert.That(await CountAsync(new() { Status = ApiKeyStatus.Active, Now = end }), Is.Zero);
        Assert.That(await CountAsync(new() { Status = ApiKeyStatus.Idle, Now = end }), Is.EqualTo(1));
        Assert.That(await CountAsync(new() { IdleBefore = end }), Is.Zero);
        Assert.That(await CountAsync(new() { IdleBefore = end.AddTicks(1) }), Is.EqualTo(1));
        Assert.That((await GetAsync(store, key)).GetIdleExpiration(), Is.EqualTo(end));
    }

    /// <summary>Rejected requests are counted, but they are not a use.</summary>
    [Test]
    public async Task AddUsage_RejectedRequests_KeepTheLastUse()
    {
        var key = Sample.Key();
        var (store, uses) = await CreateAsync(key);
        ApiKeyUsageRecord CreateRecord(int hours, bool isAccepted) =>
            Sample.UsageRecord(key, 1, Sample.Now.AddHours(hours)) with
            {
                LastUsedAt = isAccepted ? Sample.Now.AddHours(hours) : null,
                Outcome = isAccepted ? ApiKeyUsageOutcomes.Success : "expired_api_key",
            };
        await uses.AddUsageAsync(Sample.Batch(CreateRecord(1, isAccepted: false)), default);
        var rejected = await GetAsync(store, key);
        await uses.AddUsageAsync(Sample.Batch(CreateRecord(2, isAccepted: true), CreateRecord(3, isAccepted: false)), default);
        await uses.AddUsageAsync(Sample.Batch(CreateRecord(4, isAccepted: false)), default);

        Assert.That(
            (rejected.UsageCount, rejected.LastUsedAt, rejected.Secrets[0].LastUsedAt),
            Is.EqualTo((1L, (DateTimeOffset?)null, (DateTimeOffset?)null)));
        var read = await GetAsync(store, key);
        DateTimeOffset? last = Sample.Now.AddHours(2);
        Assert.That((read.UsageCount, read.LastUsedAt, read.Secrets[0].LastUsedAt), Is.EqualTo((4L, last, last)));
        Assert.That((await GetHistoryAsync(uses, key)).Periods.Sum(period => period.Count), Is.EqualTo(4));
    }

    private async Task<(IWritableApiKeyStore Keys, IApiKeyUsageStore Uses)> CreateAsync(params ApiKey[] keys)
    {
        var store = await CreateStoreAsync();
        foreach (var key in keys)
        {
            Assert.That(await store.AddAsync(key, [], Sample.AuditEntry(key), default), Is.EqualTo(ApiKeyAddResult.Added));
        }

        Assert.That(store, Is.InstanceOf<IApiKeyUsageStore>());
        return (store, (IApiKeyUsageStore)store);
    }

    private static async Task<ApiKey> GetAsync(IWritableApiKeyStore store, ApiKey key)
    {
        var found = await store.GetAsync(key.Id, default);
        Assert.That(found, Is.Not.Null, "the key was not found");
        return found!;
    }

    /// <summary>Reads the history of a key in a year around <see cref="Sample.Now"/>.</summary>
    private static async Task<ApiKeyUsageHistory> GetHistoryAsync(IApiKeyUsageStore store, ApiKey key) =>
        await store.GetUsageAsync(new() { KeyId = key.Id, From = Sample.Now.AddDays(-180), To = Sample.Now.AddDays(180) }, default);

    private static ApiKeyUsageRetention CreateRetention(
        DateTimeOffset hoursFrom, DateTimeOffset? daysFrom = null, DateTimeOffset? batchesFrom = null) => new()
        {
            RollUpHoursBefore = hoursFrom,
            DeleteDaysBefore = daysFrom ?? Sample.Now.AddYears(-1),
            DeleteBatchesBefore = batchesFrom ?? Sample.Now.AddYears(-1),
        };

    private static async Task RollUpAsync(IApiKeyUsageStore store, ApiKeyUsageRetention retention)
    {
        while (await store.RollUpUsageAsync(retention, default))
        {
        }
    }
}
