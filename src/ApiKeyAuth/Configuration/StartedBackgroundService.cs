using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.Configuration;

/// <summary>Represents a service that runs from when the host has started until it is stopped or disposed.</summary>
/// <remarks>
/// A host that is disposed without being stopped cancels the token too. It reports the cancellation as an error, unless the service
/// completes.
/// </remarks>
internal abstract class StartedBackgroundService(IHostApplicationLifetime lifetime) : BackgroundService
{
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await WaitForStartAsync(stoppingToken))
        {
            return;
        }

        try
        {
            await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (ObjectDisposedException exception) when (exception.ObjectName == nameof(IServiceProvider))
        {
            // The services of the host are disposed one after the other, and this one may be among the last.
        }
    }

    /// <summary>Runs until the token is canceled, and may then throw an <see cref="OperationCanceledException"/>.</summary>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    /// <summary>Waits until the host has started and listens.</summary>
    /// <returns>True if it has; false if the service was stopped before.</returns>
    private async Task<bool> WaitForStartAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return started.Task.IsCompleted;
    }
}
