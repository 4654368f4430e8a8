using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Testing.Stores;

/// <summary>What the counting of uses needs of a writable store that is an <see cref="IApiKeyUsageStore"/> too; it includes the suite for writable stores.</summary>
public abstract partial class ApiKeyUsageConformance : ApiKeyStoreConformance
{
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
        var read = await store.GetAsync(key.Id, default);
        Assert.That(read, Is.Not.Null, "the key is gone");
        return read!;
    }

    /// <summary>Reads a key's history of a year around <see cref="Sample.Now"/>.</summary>
    private static async Task<ApiKeyUsageHistory> GetHistoryAsync(IApiKeyUsageStore store, ApiKey key) =>
        await store.GetUsageAsync(new() { KeyId = key.Id, From = Sample.Now.AddDays(-180), To = Sample.Now.AddDays(180) }, default);

    private static ApiKeyUsageRetention CreateRetention(DateTimeOffset hoursFrom, DateTimeOffset? daysFrom = null, DateTimeOffset? batchesFrom = null) => new()
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
