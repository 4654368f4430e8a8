using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Conformance.Stores;

/// <summary>
/// Defines the tests that every writable store with <see cref="IApiKeyUsageStore"/> must pass. It includes the tests of writable stores.
/// </summary>
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
