using ApiKeyAuth.Configuration;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Management.Operations;

/// <summary>
/// Reports daily the secrets that are close to the maximum age. It does not rotate them, because it could not deliver a new secret.
/// </summary>
internal sealed class SecretAgeMonitor(
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ApiKeyMetrics metrics,
    ILogger<SecretAgeMonitor> logger)
    : StartedBackgroundService(lifetime)
{
    private const int PageSize = 200;
    private static readonly TimeSpan CheckInterval = TimeSpan.FromDays(1);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (services.GetRequiredService<ApiKeyManagementOptions>() is not { MaxSecretAge: { } maxAge } options)
        {
            return;
        }

        using var timer = new PeriodicTimer(CheckInterval, clock);
        do
        {
            await CheckAsync(maxAge - options.SecretAgeNotice, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task CheckAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = services.CreateAsyncScope();
            if (scope.ServiceProvider.GetService<IWritableApiKeyStore>() is { } store)
            {
                metrics.RecordSecretsDue(await CountAsync(store, age, cancellationToken));
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SecretAgeCheckFailed(logger, exception.GetType().Name);
        }
    }

    private async Task<long> CountAsync(IWritableApiKeyStore store, TimeSpan age, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var filter = new ApiKeyFilter { AllTenants = true, Status = ApiKeyStatus.Active, Now = now, Limit = PageSize };
        var due = 0L;
        while (true)
        {
            var keys = await store.ListAsync(filter, cancellationToken);
            foreach (var key in keys.Where(key => key.Secrets is [var current, ..] && current.CreatedAt <= now - age))
            {
                due++;
                Log.SecretRotationDue(logger, key.Id, (int)(now - key.Secrets[0].CreatedAt).TotalDays);
            }

            if (keys.Count < PageSize)
            {
                return due;
            }

            filter = filter with { AfterCreatedAt = keys[^1].CreatedAt, AfterId = keys[^1].Id };
        }
    }
}
