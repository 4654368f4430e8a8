using ApiKeyAuth.Authorization;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Management.HashUpgrades;

/// <summary>Replaces the hashes of other systems in the store after the first use of their keys, one after the other.</summary>
/// <remarks>
/// The rights of a key do not change, so no cache is invalidated. If the store fails, the upgrade is queued again when the key is loaded
/// next.
/// </remarks>
internal sealed class HashUpgradeService(
    IServiceProvider services, IHostApplicationLifetime lifetime, HashUpgradeQueue queue, ILogger<HashUpgradeService> logger)
    : StartedBackgroundService(lifetime)
{
    private const int MaxAttempts = 3;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await foreach (var upgrade in queue.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await using var scope = services.CreateAsyncScope();

                // A key in the configuration keeps its hash.
                if (scope.ServiceProvider.GetService<IWritableApiKeyStore>() is { } store)
                {
                    await UpgradeAsync(store, upgrade, stoppingToken);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Only the type is logged: the message may hold a connection string.
                Log.HashUpgradeFailed(logger, upgrade.KeyId, exception.GetType().Name);
            }
        }
    }

    private async Task UpgradeAsync(IWritableApiKeyStore store, HashUpgrade upgrade, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var before = await store.GetAsync(upgrade.KeyId, cancellationToken);
            if (before is null || !before.Secrets.Any(secret => secret.Hash.Equals(upgrade.Hash)))
            {
                return;
            }

            var after = before with { Secrets = [.. before.Secrets.Select(secret => Replace(secret, upgrade))] };
            var entry = services.GetRequiredService<AuditEntryFactory>().Create(ApiKeyCaller.System, "upgrade-hash", before, after);
            if (await store.TryUpdateAsync(after, entry, cancellationToken))
            {
                return;
            }
        }

        Log.HashUpgradeFailed(logger, upgrade.KeyId, "conflict");
    }

    private static ApiKeySecret Replace(ApiKeySecret secret, HashUpgrade upgrade) =>
        secret.Hash.Equals(upgrade.Hash) ? secret with { Hash = upgrade.Replacement, SaltedHash = null } : secret;
}
