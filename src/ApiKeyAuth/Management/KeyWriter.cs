using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Management;

/// <summary>Writes changes with their audit entries, and tells the cache of each, whether it is known to have arrived or not.</summary>
internal sealed class KeyWriter(
    IWritableApiKeyStore store, IApiKeyCache cache, AuditTrail audit, ApiKeyManagementOptions options, ILogger<KeyWriter> logger)
{
    /// <summary>Adds a key; null where it is stored.</summary>
    public async Task<ApiKeyProblem?> AddAsync(ApiKeyCaller caller, string action, ApiKey key, CancellationToken cancellationToken)
    {
        var added = await ChangeAsync(
            key.Id, () => store.AddAsync(key, Quotas(key), audit.Entry(caller, action, null, key), cancellationToken), cancellationToken);
        return added.Problem ?? added.Value switch
        {
            ApiKeyAddition.Added => null,
            ApiKeyAddition.QuotaExceeded => Problems.Conflict("The number of API keys allowed is used up; delete or revoke one"),
            ApiKeyAddition.HashTaken => Problems.Conflict("The secret belongs to another API key"),
            _ => Problems.Conflict("The id belongs to another API key"),
        };
    }

    public async Task<ApiKeyResult<ApiKey>> UpdateAsync(
        ApiKeyCaller caller, string action, ApiKey before, ApiKey after, bool isConditional, CancellationToken cancellationToken)
    {
        var updated = await ChangeAsync(
            before.Id, () => store.TryUpdateAsync(after, audit.Entry(caller, action, before, after), cancellationToken), cancellationToken);
        return updated.Problem is { } problem ? problem
            : updated.Value ? after with { Version = before.Version + 1 }
            : Lost(isConditional);
    }

    public async Task<ApiKeyResult<ApiKey>> DeleteAsync(
        ApiKeyCaller caller, string action, ApiKey key, bool isConditional, CancellationToken cancellationToken)
    {
        var deleted = await ChangeAsync(
            key.Id, () => store.TryDeleteAsync(key, audit.Entry(caller, action, key, null), cancellationToken), cancellationToken);
        return deleted.Problem is { } problem ? problem : deleted.Value ? key : Lost(isConditional);
    }

    /// <summary>Asks the store; where it fails the caller is told so, and the reason goes to the log.</summary>
    public async Task<(T? Value, ApiKeyProblem? Problem)> TryAsync<T>(Func<ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return (await ask(), null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.StoreFailed(logger, store.GetType().Name, exception.GetType().Name);
            return (default, Problems.Unavailable);
        }
    }

    private static ApiKeyProblem Lost(bool isConditional) =>
        isConditional ? Problems.Stale : Problems.Conflict("The API key was changed at the same time; read it again");

    private async Task<(T? Value, ApiKeyProblem? Problem)> ChangeAsync<T>(string keyId, Func<ValueTask<T>> change, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(change, cancellationToken);
        }
        finally
        {
            // Also after a failure: a commit whose answer was lost is a change all the same.
            cache.Invalidate(keyId);
        }
    }

    private List<ApiKeyQuota> Quotas(ApiKey key)
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
