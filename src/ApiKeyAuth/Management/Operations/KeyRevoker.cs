using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Rules;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Ends keys that nobody named by their id: leaked ones by their secret, old ones by their age.</summary>
internal sealed class KeyRevoker(
    IWritableApiKeyStore store, KeyCommands commands, CascadingKeyRevoker cascadingRevoker, ApiKeyFormats formats, ApiKeyHasher hasher, TimeProvider clock)
{
    private const int PageSize = 200;
    private const int MaxAttempts = 20;

    /// <summary>Ends what a secret opens: its key or, if a rotation is retiring the secret, that secret alone.</summary>
    /// <remarks>Nothing is asked of the store for what is no key of the app.</remarks>
    /// <returns>Null, also if there is no such key, or why the store could not be asked.</returns>
    public async Task<ApiKeyProblem?> RevokeLeakedAsync(string secret, string? address, CancellationToken cancellationToken)
    {
        if (!formats.TryParse(secret, out _))
        {
            return null;
        }

        var hashes = hasher.GetCandidates(ApiKeyHasher.ComputeDigest(secret));
        for (var races = 1; ; races++)
        {
            var (key, problem) = await commands.TryCallStoreAsync(caller: null, token => store.FindAsync(hashes, token), cancellationToken);
            if (key is null)
            {
                return problem;
            }

            var caller = ApiKeyCaller.ForSecretHolder(key, address);
            var leaked = key.Secrets.FirstOrDefault(held => hashes.Contains(held.Hash));
            if (key.RevokedAt is not null || leaked?.ExpiresAt is null)
            {
                var revoked = await cascadingRevoker.RevokeAsync(caller, key.Id, new ApiKeyRevocation(), cancellationToken);
                return revoked.Problem is { Code: not ApiKeyErrorCodes.NotFound } failed ? failed : null;
            }

            // The owner has a new secret already, which whoever holds the old one must not be able to end.
            var after = key with { Secrets = [.. key.Secrets.Where(held => held != leaked)] };
            var ended = await commands.UpdateAsync(caller, "revoke-secret", key, after, false, cancellationToken);
            if (races == MaxAttempts || ended.Problem?.Code != ApiKeyErrorCodes.Conflict)
            {
                return ended.Problem;
            }
        }
    }

    public async Task<ApiKeyResult<int>> PurgeAsync(ApiKeyCaller caller, DateTimeOffset expiredBefore, CancellationToken cancellationToken)
    {
        if (ChangeRules.FindProblem(caller) is { } hindrance)
        {
            return hindrance;
        }

        var now = clock.GetUtcNow();
        var filter = KeyQueries.CreateVisibleFilter(caller) with { ExpiredBefore = expiredBefore < now ? expiredBefore : now, Limit = PageSize };
        var deleted = 0;
        while (true)
        {
            var (keys, problem) = await commands.TryCallStoreAsync(caller, token => store.ListAsync(filter, token), cancellationToken);
            foreach (var key in (keys ?? []).Where(key => ChangeRules.FindProblem(caller, key) is null))
            {
                var gone = await commands.DeleteAsync(caller, "purge", key, false, hasExpired: true, cancellationToken);
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
