using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.Configuration;

/// <summary>Waits for the host to listen: hosted services are made before the check that tells all wrong settings at once.</summary>
internal static class HostLifetimeExtensions
{
    /// <summary>Waits until the host has started.</summary>
    /// <returns>Whether it did; false, without an exception, where it stops instead.</returns>
    public static async Task<bool> WaitForStartAsync(this IHostApplicationLifetime lifetime, CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return started.Task.IsCompleted;
    }
}
