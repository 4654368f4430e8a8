using ApiKeyAuth.Authorization;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Management.Operations;

/// <summary>
/// Writes changes with their audit entries, and invalidates the key on every node, even if the outcome of the change is unknown.
/// </summary>
internal sealed class KeyCommands(
    IWritableApiKeyStore store,
    ApiKeyInvalidator invalidator,
    AuditEntryFactory auditEntries,
    ApiKeyManagementOptions options,
    ApiKeyCacheOptions cacheOptions,
    TimeProvider clock,
    ILogger<KeyCommands> logger)
{
    /// <summary>Adds a key.</summary>
    /// <returns>Null if the key was added, or a problem.</returns>
    public async Task<ApiKeyError?> AddAsync(ApiKeyCaller caller, string action, ApiKey key, CancellationToken cancellationToken)
    {
        var added = await ChangeAsync(
            caller, key.Id, token => store.AddAsync(key, GetQuotas(key), auditEntries.Create(caller, action, null, key), token),
            added => added == ApiKeyAddResult.Added, toleratesDelay: true, cancellationToken);
        return added.Error ?? FindProblem(added.Value);
    }

    /// <summary>Adds keys to a store that adds them all or none.</summary>
    /// <remarks>
    /// An invalidation makes the nodes forget all unknown keys. Because no node can know one of the new keys, one invalidation is enough.
    /// </remarks>
    /// <returns>One result per key, of which each is that it was added, or none was; or a problem of the store.</returns>
    public Task<(IReadOnlyList<ApiKeyAddResult>? Value, ApiKeyError? Error)> AddManyAsync(
        IBatchWritableApiKeyStore batches,
        ApiKeyCaller caller,
        string action,
        IReadOnlyList<ApiKey> keys,
        CancellationToken cancellationToken) => ChangeAsync(
            caller,
            keys[^1].Id,
            token => batches.AddManyAsync(keys, [.. keys.Select(key => auditEntries.Create(caller, action, null, key))], token),
            results => results.All(result => result == ApiKeyAddResult.Added),
            toleratesDelay: true,
            cancellationToken);

    /// <summary>Returns the problem of a key that was not added, or null.</summary>
    public static ApiKeyError? FindProblem(ApiKeyAddResult result) => result switch
    {
        ApiKeyAddResult.Added => null,
        ApiKeyAddResult.QuotaExceeded => Problems.Conflict("The maximum number of API keys is reached; delete or revoke one"),
        ApiKeyAddResult.HashTaken => Problems.Conflict("The secret belongs to another API key"),
        _ => Problems.Conflict("The ID belongs to another API key"),
    };

    public async Task<ApiKeyResult<ApiKey>> UpdateAsync(
        ApiKeyCaller caller, string action, ApiKey before, ApiKey after, bool isConditional, CancellationToken cancellationToken)
    {
        // No request was admitted while the key was disabled, so other nodes may apply the change with a short delay.
        var isEnabled = !before.Enabled && before with { Enabled = true } == after;
        var updated = await ChangeAsync(
            caller,
            before.Id,
            token => store.TryUpdateAsync(after, auditEntries.Create(caller, action, before, after), token),
            stored => stored,
            isEnabled,
            cancellationToken);
        return updated.Error is { } problem ? problem
            : updated.Value ? after with { Version = before.Version + 1 }
            : CreateConflict(isConditional);
    }

    /// <summary>Deletes a key.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="action">The action in the audit entry.</param>
    /// <param name="key">The key as it was read.</param>
    /// <param name="isConditional">Whether the caller specified a version.</param>
    /// <param name="hasExpired">Whether the key has expired, so that no node admits a request with it.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    public async Task<ApiKeyResult<ApiKey>> DeleteAsync(
        ApiKeyCaller caller, string action, ApiKey key, bool isConditional, bool hasExpired, CancellationToken cancellationToken)
    {
        var deleted = await ChangeAsync(
            caller, key.Id, token => store.TryDeleteAsync(key, auditEntries.Create(caller, action, key, null), token), stored => stored,
            hasExpired, cancellationToken);
        return deleted.Error is { } problem ? problem : deleted.Value ? key : CreateConflict(isConditional);
    }

    /// <summary>Invalidates a key that is already stored again, because the call that stored it may not have reached every node.</summary>
    public async Task<ApiKeyResult<ApiKey>> InvalidateAsync(ApiKey key, CancellationToken cancellationToken) =>
        await invalidator.InvalidateAsync(key.Id, cancellationToken) ? key : Unacknowledged;

    /// <summary>Calls the store with a timeout. If it fails, the caller gets a problem, and the reason is logged.</summary>
    /// <remarks>
    /// The call is always awaited: an abandoned call could commit after the cache was invalidated.
    /// For the app itself only its own token applies. Its calls are often the first of a process, which also take the time for the JIT, the
    /// model and the connection, and no client waits for them.
    /// </remarks>
    public async Task<(T? Value, ApiKeyError? Error)> TryCallStoreAsync<T>(
        ApiKeyCaller? caller, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(
            caller is { IsSystem: true } ? Timeout.InfiniteTimeSpan : cacheOptions.StoreTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return (await call(linked.Token), null);
        }
        catch (Exception exception)
        {
            // If the caller canceled, that is the result, regardless of the exception of the store.
            cancellationToken.ThrowIfCancellationRequested();

            if (StoreExceptionClassifier.IsRejection(exception))
            {
                Log.ManagedStoreRejected(logger, store.GetType().Name, StoreExceptionClassifier.Describe(exception));
                return (default, Problems.StoreRejected);
            }

            // Only the type is logged: the message may hold a connection string.
            Log.ManagedStoreFailed(logger, store.GetType().Name, exception.GetType().Name);
            return (default, Problems.StoreUnavailable);
        }
    }

    private static ApiKeyError CreateConflict(bool isConditional) =>
        isConditional
            ? Problems.PreconditionFailed
            : Problems.Conflict("The API key was changed at the same time; read it again");

    private async Task<(T? Value, ApiKeyError? Error)> ChangeAsync<T>(
        ApiKeyCaller caller,
        string keyId,
        Func<CancellationToken, ValueTask<T>> change,
        Func<T, bool> isStored,
        bool toleratesDelay,
        CancellationToken cancellationToken)
    {
        (T? Value, ApiKeyError? Error) result = default;
        var isChanged = false;
        try
        {
            result = await TryCallStoreAsync(caller, change, cancellationToken);
            isChanged = result.Error is null && isStored(result.Value!);
        }
        finally
        {
            if (!isChanged)
            {
                // A failed call may have committed: its response may be lost.
                invalidator.InvalidateInBackground(keyId);
            }
        }

        if (isChanged && toleratesDelay)
        {
            await invalidator.InvalidateForGrantAsync(keyId, cancellationToken);
        }
        else if (isChanged && !await invalidator.InvalidateAsync(keyId, cancellationToken))
        {
            return (result.Value, Unacknowledged);
        }

        return result;
    }

    private ApiKeyError Unacknowledged => Problems.Unacknowledged(cacheOptions.KnownKeyLifetime);

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
