using ApiKeyAuth.Configuration;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage.Counting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage.Flushing;

/// <summary>
/// Flushes usage periodically and removes expired history. It flushes again when the host has stopped and no request is left.
/// </summary>
internal sealed class UsageFlushService(
    IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<UsageFlushService> logger)
    : StartedBackgroundService(lifetime), IHostedLifecycleService
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    private UsageFlusher? _running;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // It has its own timeout, because closing connections may have used up the host's. It runs once, because a host that is stopped again
    // has no services.
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_running is not { } flush)
        {
            return;
        }

        _running = null;
        using var patience = new CancellationTokenSource(ShutdownTimeout, clock);
        await FlushAsync(flush, patience.Token);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        var options = services.GetRequiredService<ApiKeyUsageOptions>();
        if (!options.Enabled || !await HasUsageStoreAsync())
        {
            services.GetRequiredService<UsageCounter>().DisableStorage();
            return;
        }

        var flush = services.GetRequiredService<UsageFlusher>();
        var upkeep = services.GetRequiredService<UsageRetention>();
        _running = flush;

        // Independent of each other: what is not flushed is lost with the process, so a flush does not wait for old hours.
        await Task.WhenAll(
            RunPeriodicallyAsync(options.FlushInterval, token => FlushAsync(flush, token), stoppingToken),
            RunPeriodicallyAsync(options.FlushInterval, upkeep.RunAsync, stoppingToken));
    }

    private async Task RunPeriodicallyAsync(TimeSpan interval, Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await work(stoppingToken);
        }
    }

    private async Task<bool> HasUsageStoreAsync()
    {
        try
        {
            await using var scope = services.CreateAsyncScope();
            return scope.ServiceProvider.GetServices<IApiKeyStore>().Any(store => store is IApiKeyUsageStore);
        }
        catch (Exception exception)
        {
            // A store that cannot be created now may be available later. The flush logs the error.
            Log.UsageFlushFailed(logger, 0, exception.GetType().Name);
            return true;
        }
    }

    private async Task FlushAsync(UsageFlusher flush, CancellationToken cancellationToken)
    {
        try
        {
            await flush.RunAsync(cancellationToken);
        }
        catch (ObjectDisposedException) when (cancellationToken.IsCancellationRequested)
        {
            // The host was disposed without being stopped.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.UsageFlushFailed(logger, 0, exception.GetType().Name);
        }
        catch (OperationCanceledException)
        {
            // The host is stopping. The last flush runs when all requests have completed.
        }
    }
}
