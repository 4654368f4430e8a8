using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management;

/// <summary>Ends keys that nobody named by their id: leaked ones by their secret, old ones by their age.</summary>
internal sealed class KeyEnder(
    IWritableApiKeyStore store, KeyWriter writer, KeyRevoker revoker, ApiKeyFormats formats, ApiKeyHasher hasher, TimeProvider clock)
{
    private const int PageSize = 200;
    private const int MaxRaces = 20;

    /// <summary>Ends what a secret opens: its key or, if a rotation is retiring the secret, that secret alone.</summary>
    /// <remarks>Nothing is asked of the store for what is no key of the app.</remarks>
    /// <returns>Null, also if there is no such key, or why the store could not be asked.</returns>
    public async Task<ApiKeyProblem?> EndLeakedAsync(string secret, string? address, CancellationToken cancellationToken)
    {
        if (!formats.TryParse(secret, out _))
        {
            return null;
        }

        var hashes = hasher.GetCandidates(ApiKeyHasher.ComputeDigest(secret));
        for (var races = 1; ; races++)
        {
            var (key, problem) = await writer.TryAsync(caller: null, token => store.FindAsync(hashes, token), cancellationToken);
            if (key is null)
            {
                return problem;
            }

            var caller = ApiKeyCaller.Holder(key, address);
            var leaked = key.Secrets.FirstOrDefault(held => hashes.Contains(held.Hash));
            if (key.RevokedAt is not null || leaked?.ExpiresAt is null)
            {
                var revoked = await revoker.RevokeAsync(caller, key.Id, new ApiKeyRevocation(), cancellationToken);
                return revoked.Problem is { Code: not ApiKeyErrorCodes.NotFound } failed ? failed : null;
            }

            // The owner has a new secret already, which whoever holds the old one must not be able to end.
            var after = key with { Secrets = [.. key.Secrets.Where(held => held != leaked)] };
            var ended = await writer.UpdateAsync(caller, "revoke-secret", key, after, false, cancellationToken);
            if (races == MaxRaces || ended.Problem?.Code != ApiKeyErrorCodes.Conflict)
            {
                return ended.Problem;
            }
        }
    }

    public async Task<ApiKeyResult<int>> PurgeAsync(ApiKeyCaller caller, DateTimeOffset expiredBefore, CancellationToken cancellationToken)
    {
        if (ChangeRules.FindHindrance(caller) is { } hindrance)
        {
            return hindrance;
        }

        var now = clock.GetUtcNow();
        var filter = KeyReader.Seen(caller) with { ExpiredBefore = expiredBefore < now ? expiredBefore : now, Count = PageSize };
        var deleted = 0;
        while (true)
        {
            var (keys, problem) = await writer.TryAsync(caller, token => store.ListAsync(filter, token), cancellationToken);
            foreach (var key in (keys ?? []).Where(key => ChangeRules.FindHindrance(caller, key) is null))
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
