using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management;

/// <summary>Ends keys that nobody named by their id: leaked ones by their secret, old ones by their age.</summary>
internal sealed class KeyEnder(
    IWritableApiKeyStore store, KeyWriter writer, ApiKeyFormats formats, ApiKeyHasher hasher, TimeProvider clock)
{
    private const int PageSize = 200;

    /// <summary>Finds the key of a secret; nothing is asked of the store for what is no key of the app.</summary>
    public async Task<(ApiKey? Key, ApiKeyProblem? Problem)> FindAsync(string secret, CancellationToken cancellationToken)
    {
        if (!formats.TryParse(secret, out _))
        {
            return default;
        }

        var hashes = hasher.GetCandidates(ApiKeyDigest.Of(secret).ToArray());
        return await writer.TryAsync(() => store.FindAsync(hashes, cancellationToken), cancellationToken);
    }

    public async Task<int> PurgeAsync(ApiKeyCaller caller, DateTimeOffset expiredBefore, CancellationToken cancellationToken)
    {
        var filter = new ApiKeyFilter
        {
            AllTenants = caller.MayCrossTenants,
            TenantId = caller.TenantId,
            ExpiredBefore = expiredBefore < clock.GetUtcNow() ? expiredBefore : clock.GetUtcNow(),
            Count = PageSize,
        };
        var deleted = 0;
        while (true)
        {
            var keys = await store.ListAsync(filter, cancellationToken);
            foreach (var key in keys)
            {
                deleted += (await writer.DeleteAsync(caller, "purge", key, false, cancellationToken)).Succeeded ? 1 : 0;
            }

            if (keys.Count < PageSize)
            {
                return deleted;
            }

            filter = filter with { AfterCreatedAt = keys[^1].CreatedAt, AfterId = keys[^1].Id };
        }
    }
}
