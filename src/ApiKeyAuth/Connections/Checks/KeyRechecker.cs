using ApiKeyAuth.Authentication.Owners;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Connections.Checks;

/// <summary>
/// Reads keys with open connections from the stores again, by the hash of the secret in use, and the permissions of their owners.
/// </summary>
internal sealed class KeyRechecker(
    ApiKeyLoader loader, OwnerPermissionEvaluator owners, ScopeCatalog catalog, IServiceScopeFactory scopes, ILogger<KeyRechecker> logger)
{
    /// <summary>Reads a key and, for a personal key, the permissions of its owner.</summary>
    /// <param name="keyId">The ID of the key.</param>
    /// <param name="hashes">The hashes of the secrets that opened the connections.</param>
    public async Task<KeyRecheckResult> RecheckAsync(string keyId, IEnumerable<ApiKeyHash> hashes)
    {
        var findings = new KeyRecheckResult { HasReadStores = true };
        foreach (var hash in hashes.Distinct())
        {
            var loaded = await loader.LoadAsync(hash);
            if (loaded.IsFailed)
            {
                findings.IsStoreUnavailable = true;
                return findings;
            }

            if (loaded.Key is { } key && string.Equals(key.Id, keyId, StringComparison.Ordinal))
            {
                findings.Loaded[hash] = loaded;
                findings.Key = key;
            }
        }

        if (findings.Key is { } found)
        {
            await AddScopesAsync(findings, found);
        }

        return findings;
    }

    /// <summary>Reads only the permissions of the owner of a personal key.</summary>
    public async Task<KeyRecheckResult> RecheckOwnerAsync(ApiKey key)
    {
        var findings = new KeyRecheckResult { HasReadStores = false, Key = key };
        await AddScopesAsync(findings, key);
        return findings;
    }

    private async Task AddScopesAsync(KeyRecheckResult findings, ApiKey key)
    {
        findings.Scopes = catalog.Expand(key.Scopes);
        if (key.Kind != ApiKeyKinds.Personal)
        {
            return;
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var permitted = await owners.GetScopesAsync(key, scope.ServiceProvider, CancellationToken.None);
            findings.IsOwnerGone = permitted is null;
            findings.Scopes = permitted is null ? ScopeSet.Empty : findings.Scopes.Intersect(catalog.Expand(permitted));
        }
        catch (Exception exception)
        {
            // Only the type is logged, because the message may contain a connection string.
            Log.StreamOwnerPermissionsFailed(logger, key.Id, exception.GetType().Name);
            findings.IsOwnerUnavailable = true;
        }
    }
}
