using ApiKeyAuth.Configuration;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Evaluates the alerts of the keys that were used, periodically and once more after the last flush of usage.</summary>
/// <remarks>
/// Services stop in the reverse order of their registration, so this one is registered before the one that flushes usage.
/// </remarks>
internal sealed class AlertEvaluationService(IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider clock)
    : StartedBackgroundService(lifetime), IHostedLifecycleService
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    private AlertEvaluator? _evaluator;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (services.HasOptions<ApiKeyAlertOptions>() && services.HasOptions<ApiKeyUsageOptions>())
        {
            // It listens to the requests that are counted, so it is created before the first one.
            _ = services.GetRequiredService<TestKeyDetector>();
            _ = services.GetRequiredService<LeakAlertRule>();
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        // Once: a host that is stopped again has no services left.
        if (Interlocked.Exchange(ref _evaluator, null) is { } evaluator)
        {
            using var timeout = new CancellationTokenSource(ShutdownTimeout, clock);
            await evaluator.RunAsync(timeout.Token);
        }
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        var options = services.GetRequiredService<ApiKeyAlertOptions>();
        if (!options.Enabled)
        {
            return;
        }

        var evaluator = _evaluator = services.GetRequiredService<AlertEvaluator>();
        using var timer = new PeriodicTimer(options.Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await evaluator.RunAsync(stoppingToken);
        }
    }
}
