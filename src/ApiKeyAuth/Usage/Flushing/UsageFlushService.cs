using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage;

/// <summary>Flushes at every interval, and once more when everything else of the host has stopped and no request is left.</summary>
internal sealed class UsageFlushService(IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<UsageFlushService> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(10);

    private (UsageFlush Flush, AlertWatch Watch)? _running;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // With a time of its own: connections that had to be cut may have used up the host's. Once: a host that is stopped again has no services left.
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_running is not var (flush, watch))
        {
            return;
        }

        _running = null;
        using var patience = new CancellationTokenSource(LastPatience, clock);
        await FlushAsync(flush, patience.Token);
        await watch.RunAsync(isLast: true, patience.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await lifetime.WaitForStartAsync(stoppingToken))
        {
            return;
        }

        var options = services.GetRequiredService<ApiKeyUsageOptions>();
        if (!options.Enabled || !await IsKeptAsync())
        {
            services.GetRequiredService<UsageCounter>().KeepNothing();
            return;
        }

        var flush = services.GetRequiredService<UsageFlush>();
        var upkeep = services.GetRequiredService<UsageUpkeep>();
        var watch = services.GetRequiredService<AlertWatch>();
        _running = (flush, watch);
        using var timer = new PeriodicTimer(options.FlushInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await FlushAsync(flush, stoppingToken);
            await upkeep.RunAsync(stoppingToken);
            await watch.RunAsync(isLast: false, stoppingToken);
        }
    }

    private async Task<bool> IsKeptAsync()
    {
        try
        {
            await using var scope = services.CreateAsyncScope();
            return scope.ServiceProvider.GetServices<IApiKeyStore>().Any(store => store is IApiKeyUsageStore);
        }
        catch (Exception exception)
        {
            // A store that cannot be made now may be later; a flush tells.
            Log.UsageNotStored(logger, 0, exception.GetType().Name);
            return true;
        }
    }

    private async Task FlushAsync(UsageFlush flush, CancellationToken cancellationToken)
    {
        try
        {
            await flush.RunAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.UsageNotStored(logger, 0, exception.GetType().Name);
        }
        catch (OperationCanceledException)
        {
            // The host stops, and flushes once more when all requests are done.
        }
    }
}
