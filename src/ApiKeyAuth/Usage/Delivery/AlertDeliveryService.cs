using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage;

/// <summary>Looks for alerts to tell every few seconds, apart from the flush so that a slow receiver holds up nothing.</summary>
internal sealed class AlertDeliveryService(IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<AlertDeliveryService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await lifetime.WaitForStartAsync(stoppingToken) || !services.GetRequiredService<ApiKeyAlertOptions>().Enabled)
        {
            return;
        }

        var delivery = services.GetRequiredService<AlertDelivery>();
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await delivery.RunAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.AlertsNotTold(logger, exception.GetType().Name);
            }
        }
    }
}
