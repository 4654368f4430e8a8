using ApiKeyAuth.Authorization;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Writes changes with their audit entries, and tells every node of each, whether it is known to have arrived or not.</summary>
internal sealed class KeyCommands(
    IWritableApiKeyStore store, ApiKeyInvalidator invalidator, AuditEntryFactory auditEntries, ApiKeyManagementOptions options, ApiKeyCacheOptions cacheOptions, TimeProvider clock,
    ILogger<KeyCommands> logger)
{
    /// <summary>Adds a key; null where it is stored.</summary>
    public async Task<ApiKeyProblem?> AddAsync(ApiKeyCaller caller, string action, ApiKey key, CancellationToken cancellationToken)
    {
        var added = await ChangeAsync(
            caller, key.Id, token => store.AddAsync(key, GetQuotas(key), auditEntries.Create(caller, action, null, key), token),
            added => added == ApiKeyAddResult.Added, toleratesDelay: true, cancellationToken);
        return added.Problem ?? added.Value switch
        {
            ApiKeyAddResult.Added => null,
            ApiKeyAddResult.QuotaExceeded => Problems.Conflict("The number of API keys allowed is used up; delete or revoke one"),
            ApiKeyAddResult.HashTaken => Problems.Conflict("The secret belongs to another API key"),
            _ => Problems.Conflict("The id belongs to another API key"),
        };
    }

    public async Task<ApiKeyResult<ApiKey>> UpdateAsync(
        ApiKeyCaller caller, string action, ApiKey before, ApiKey after, bool isConditional, CancellationToken cancellationToken)
    {
        // Nobody was let in by a key that was switched off, and whoever is not told that it is on goes without it for a moment.
        var isSwitchedOn = !before.Enabled && before with { Enabled = true } == after;
        var updated = await ChangeAsync(
            caller, before.Id, token => store.TryUpdateAsync(after, auditEntries.Create(caller, action, before, after), token), stored => stored,
            isSwitchedOn, cancellationToken);
        return updated.Problem is { } problem ? problem
            : updated.Value ? after with { Version = before.Version + 1 }
            : CreateConflict(isConditional);
    }

    /// <param name="caller">Who deletes it.</param>
    /// <param name="action">What the audit calls it.</param>
    /// <param name="key">The key as it was read.</param>
    /// <param name="isConditional">Whether the caller named a version.</param>
    /// <param name="hasExpired">Whether its own time is over, so that no node lets anybody in by it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<ApiKeyResult<ApiKey>> DeleteAsync(
        ApiKeyCaller caller, string action, ApiKey key, bool isConditional, bool hasExpired, CancellationToken cancellationToken)
    {
        var deleted = await ChangeAsync(
            caller, key.Id, token => store.TryDeleteAsync(key, auditEntries.Create(caller, action, key, null), token), stored => stored,
            hasExpired, cancellationToken);
        return deleted.Problem is { } problem ? problem : deleted.Value ? key : CreateConflict(isConditional);
    }

    /// <summary>Announces once more what is stored already: whoever stored it may not have been able to tell every node.</summary>
    public async Task<ApiKeyResult<ApiKey>> InvalidateAsync(ApiKey key, CancellationToken cancellationToken) =>
        await invalidator.InvalidateAsync(key.Id, cancellationToken) ? key : Unacknowledged;

    /// <summary>Asks the store, for a bounded time; where it fails the caller is told so, and the reason goes to the log.</summary>
    /// <remarks>
    /// It is always waited for: a store that is left alone could still commit after the cache was told.
    /// The app itself is bound by its own token only. Its calls are often the first ones of a process, which also pay for the JIT, the
    /// model and the connection, and no client waits for them.
    /// </remarks>
    public async Task<(T? Value, ApiKeyProblem? Problem)> TryCallStoreAsync<T>(
        ApiKeyCaller? caller, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(caller is { IsSystem: true } ? Timeout.InfiniteTimeSpan : cacheOptions.StoreTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return (await call(either.Token), null);
        }
        catch (Exception exception)
        {
            // A caller who gave up is told so, and never what the store then said.
            cancellationToken.ThrowIfCancellationRequested();

            if (StoreExceptionClassifier.IsRejection(exception))
            {
                Log.ManagedStoreRejected(logger, store.GetType().Name, StoreExceptionClassifier.Describe(exception));
                return (default, Problems.StoreRejected);
            }

            // The message may hold a connection string, so the type alone is told.
            Log.ManagedStoreFailed(logger, store.GetType().Name, exception.GetType().Name);
            return (default, Problems.StoreUnavailable);
        }
    }

    private static ApiKeyProblem CreateConflict(bool isConditional) =>
        isConditional ? Problems.PreconditionFailed : Problems.Conflict("The API key was changed at the same time; read it again");

    private async Task<(T? Value, ApiKeyProblem? Problem)> ChangeAsync<T>(
        ApiKeyCaller caller, string keyId, Func<CancellationToken, ValueTask<T>> change, Func<T, bool> isStored, bool toleratesDelay, CancellationToken cancellationToken)
    {
        (T? Value, ApiKeyProblem? Problem) answer = default;
        var isDone = false;
        try
        {
            answer = await TryCallStoreAsync(caller, change, cancellationToken);
            isDone = answer.Problem is null && isStored(answer.Value!);
        }
        finally
        {
            if (!isDone)
            {
                // Also after a failure: a commit whose answer was lost is a change all the same.
                invalidator.InvalidateInBackground(keyId);
            }
        }

        if (isDone && toleratesDelay)
        {
            await invalidator.InvalidateForGrantAsync(keyId, cancellationToken);
        }
        else if (isDone && !await invalidator.InvalidateAsync(keyId, cancellationToken))
        {
            return (answer.Value, Unacknowledged);
        }

        return answer;
    }

    private ApiKeyProblem Unacknowledged => Problems.Unacknowledged(cacheOptions.KnownKeyLifetime);

    private List<ApiKeyQuota> GetQuotas(ApiKey key)
    {
        var quotas = new List<ApiKeyQuota>();
        if (options.MaxKeysPerTenant is { } perTenant)
        {
            quotas.Add(new ApiKeyQuota { Max = perTenant, TenantId = key.TenantId });
        }

        if (options.MaxKeysPerOwner is { } perOwner && key.OwnerId is not null)
        {
            quotas.Add(new ApiKeyQuota { Max = perOwner, TenantId = key.TenantId, OwnerId = key.OwnerId });
        }

        return quotas;
    }
}
