using ApiKeyAuth.Configuration;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>Delivers due alerts every few seconds, independently of the flush and for each target separately.</summary>
internal sealed class AlertDeliveryService(
    IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<AlertDeliveryService> logger)
    : StartedBackgroundService(lifetime)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!services.GetRequiredService<ApiKeyAlertOptions>().Enabled)
        {
            return;
        }

        await Task.WhenAll(services.GetRequiredService<AlertDispatcher>().Jobs.Select(part => RunPeriodicallyAsync(part, stoppingToken)));
    }

    private async Task RunPeriodicallyAsync(Func<CancellationToken, Task> job, CancellationToken stoppingToken)
    {
        var isFailing = false;
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await job(stoppingToken);
                isFailing = false;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Logged once per outage of the store, although there is a task per target.
                if (!isFailing)
                {
                    Log.AlertStoreFailed(logger, exception.GetType().Name);
                }

                isFailing = true;
            }
        }
    }
}
