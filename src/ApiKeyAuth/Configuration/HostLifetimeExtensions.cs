using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.Configuration;

/// <summary>Provides a method that waits for the host, because hosted services are created before the settings are validated.</summary>
internal static class HostLifetimeExtensions
{
    /// <summary>Waits until the host has started.</summary>
    /// <returns><see langword="true"/> if the host has started; <see langword="false"/>, without an exception, if it stops first.</returns>
    public static async Task<bool> WaitForStartAsync(this IHostApplicationLifetime lifetime, CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return started.Task.IsCompleted;
    }
}
