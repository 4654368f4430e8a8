using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Rules;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Revokes leaked keys by their secret, and deletes expired keys.</summary>
internal sealed class KeyRevoker(
    IWritableApiKeyStore store,
    KeyCommands commands,
    CascadingKeyRevoker cascadingRevoker,
    ApiKeyFormats formats,
    ApiKeyHasher hasher,
    TimeProvider clock)
{
    private const int PageSize = 200;
    private const int MaxAttempts = 20;

    /// <summary>Revokes the key of a secret, or only the secret if it is retiring.</summary>
    /// <remarks>The store is not called if the secret does not have a format of the app.</remarks>
    /// <returns>Null, also if the key does not exist, or a problem if the store could not be reached.</returns>
    public async Task<ApiKeyError?> RevokeLeakedAsync(string secret, string? address, CancellationToken cancellationToken)
    {
        if (!formats.TryParse(secret, out _))
        {
            return null;
        }

        var hashes = hasher.GetCandidates(secret);
        for (var attempt = 1; ; attempt++)
        {
            var (key, problem) = await commands.TryCallStoreAsync(caller: null, token => store.FindAsync(hashes, token), cancellationToken);
            if (key is null)
            {
                return problem;
            }

            var caller = ApiKeyCaller.ForSecretHolder(key, address);
            var leaked = key.Secrets.FirstOrDefault(candidate => hashes.Contains(candidate.Hash));
            if (key.RevokedAt is not null || leaked?.ExpiresAt is null)
            {
                var revoked = await cascadingRevoker.RevokeAsync(caller, key.Id, new ApiKeyRevocation(), cancellationToken);
                return revoked.Error is { Code: not ApiKeyErrorCodes.NotFound } failed ? failed : null;
            }

            // The owner already has a new secret, which the holder of the old one must not be able to revoke.
            var after = key with { Secrets = [.. key.Secrets.Where(candidate => candidate != leaked)] };
            var ended = await commands.UpdateAsync(caller, "revoke-secret", key, after, false, cancellationToken);
            if (attempt == MaxAttempts || ended.Error?.Code != ApiKeyErrorCodes.Conflict)
            {
                return ended.Error;
            }
        }
    }

    public async Task<ApiKeyResult<int>> PurgeAsync(ApiKeyCaller caller, DateTimeOffset expiredBefore, CancellationToken cancellationToken)
    {
        if (ChangeRules.FindProblem(caller) is { } rejection)
        {
            return rejection;
        }

        var now = clock.GetUtcNow();
        var filter = KeyQueries.CreateVisibleFilter(caller) with
        {
            ExpiredBefore = expiredBefore < now ? expiredBefore : now,
            Limit = PageSize,
        };
        var deleted = 0;
        while (true)
        {
            var (keys, problem) = await commands.TryCallStoreAsync(caller, token => store.ListAsync(filter, token), cancellationToken);
            foreach (var key in (keys ?? []).Where(key => ChangeRules.FindProblem(caller, key) is null))
            {
                var result = await commands.DeleteAsync(caller, "purge", key, false, hasExpired: true, cancellationToken);
                deleted += result.Succeeded ? 1 : 0;
                problem ??= result.Error is { Code: ApiKeyErrorCodes.KeyStoreUnavailable } outage ? outage : null;
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
