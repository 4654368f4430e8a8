using ApiKeyAuth.Errors;
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

        var hashes = hasher.GetCandidates(ApiKeyHasher.ComputeDigest(secret));
        return await writer.TryAsync(token => store.FindAsync(hashes, token), cancellationToken);
    }

    public async Task<ApiKeyResult<int>> PurgeAsync(ApiKeyCaller caller, DateTimeOffset expiredBefore, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var filter = KeyReader.Seen(caller) with { ExpiredBefore = expiredBefore < now ? expiredBefore : now, Count = PageSize };
        var deleted = 0;
        while (true)
        {
            var (keys, problem) = await writer.TryAsync(token => store.ListAsync(filter, token), cancellationToken);
            foreach (var key in keys ?? [])
            {
                var gone = await writer.DeleteAsync(caller, "purge", key, false, hasEnded: true, cancellationToken);
                deleted += gone.Succeeded ? 1 : 0;
                problem ??= gone.Problem is { Code: ApiKeyErrorCodes.KeyStoreUnavailable } down ? down : null;
            }

            if (problem is not null)
            {
                return problem;
            }

            if (keys!.Count < PageSize)
            {
                return deleted;
            }

            filter = filter with { AfterCreatedAt = keys[^1].CreatedAt, AfterId = keys[^1].Id };
        }
    }
}
