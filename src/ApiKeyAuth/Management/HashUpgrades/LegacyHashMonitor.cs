using ApiKeyAuth.Configuration;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Management.HashUpgrades;

/// <summary>Counts the keys whose hash is still that of another system, at the start and every ten minutes.</summary>
internal sealed class LegacyHashMonitor(
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ApiKeyMetrics metrics,
    ILogger<LegacyHashMonitor> logger)
    : StartedBackgroundService(lifetime)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMinutes(10);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (services.GetRequiredService<ApiKeyHasher>().Algorithms.Count == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(CheckInterval, clock);
        do
        {
            await CheckAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = services.CreateAsyncScope();
            if (scope.ServiceProvider.GetService<IWritableApiKeyStore>() is { } store)
            {
                var filter = new ApiKeyFilter { AllTenants = true, HasLegacyHash = true, Now = clock.GetUtcNow() };
                metrics.RecordLegacyHashes(await store.CountAsync(filter, cancellationToken));
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.LegacyHashCheckFailed(logger, exception.GetType().Name);
        }
    }
}
