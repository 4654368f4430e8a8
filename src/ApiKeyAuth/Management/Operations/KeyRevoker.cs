using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Leaks;
using ApiKeyAuth.Management.Rules;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Revokes leaked keys by their secret, and deletes expired keys.</summary>
internal sealed class KeyRevoker(
    IWritableApiKeyStore store,
    KeyCommands commands,
    LeakedSecrets leakedSecrets,
    TimeProvider clock)
{
    private const int PageSize = 200;

    /// <summary>Revokes the key of a secret, or only the secret if it is retiring.</summary>
    /// <remarks>The store is not called if the secret does not have a format of the app.</remarks>
    /// <returns>Null, also if the key does not exist, or a problem if the store could not be reached.</returns>
    public async Task<ApiKeyError?> RevokeLeakedAsync(string secret, string? address, CancellationToken cancellationToken)
    {
        var (_, problem) = await leakedSecrets.EndAsync(
            secret, key => new LeakPlan(ApiKeyCaller.ForSecretHolder(key, address), ApiKeyLeakAction.Revoke), cancellationToken);
        return problem;
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
