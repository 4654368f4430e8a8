using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Conformance.Stores;

/// <summary>Defines the tests that every writable store must pass. Inherit one fixture for each store.</summary>
public abstract partial class ApiKeyStoreConformance : ApiKeyLookupConformance
{
    /// <summary>Creates an empty store without audit entries.</summary>
    protected abstract ValueTask<IWritableApiKeyStore> CreateStoreAsync();

    /// <inheritdoc/>
    protected sealed override async ValueTask<IApiKeyStore> CreateStoreAsync(IReadOnlyList<ApiKey> keys)
    {
        var store = await CreateStoreAsync();
        await AddAllAsync(store, keys);
        return store;
    }

    private static async Task AddAllAsync(IWritableApiKeyStore store, IEnumerable<ApiKey> keys)
    {
        foreach (var key in keys)
        {
            Assert.That(await AddAsync(store, key), Is.EqualTo(ApiKeyAddResult.Added));
        }
    }

    private static async Task<ApiKeyAddResult> AddAsync(IWritableApiKeyStore store, ApiKey key, params ApiKeyQuota[] quotas) =>
        await store.AddAsync(key, quotas, Sample.AuditEntry(key), default);

    private static async Task<bool> UpdateAsync(IWritableApiKeyStore store, ApiKey key) =>
        await store.TryUpdateAsync(key, Sample.AuditEntry(key, "update"), default);

    private static async Task<bool> DeleteAsync(IWritableApiKeyStore store, ApiKey key) =>
        await store.TryDeleteAsync(key, Sample.AuditEntry(key, "delete"), default);

    private static async Task<ApiKey> GetAsync(IWritableApiKeyStore store, string id)
    {
        var key = await store.GetAsync(id, default);
        Assert.That(key, Is.Not.Null, "the key was not found");
        return key!;
    }

    private static async Task<string[]> ListAuditActionsAsync(IWritableApiKeyStore store, ApiKey key) =>
        [.. (await store.ListAuditAsync(new() { AllTenants = true, KeyId = key.Id }, default)).Select(entry => entry.Action).Reverse()];

    /// <summary>Runs a function several times concurrently, so that races show.</summary>
    private protected static Task<TResult[]> RunConcurrentlyAsync<TResult>(int count, Func<int, Task<TResult>> run)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Task.WhenAll(Enumerable.Range(0, count).Select(index => Task.Run(async () =>
        {
            await gate.Task;
            return await run(index);
        })));
        gate.SetResult();
        return all;
    }
}
