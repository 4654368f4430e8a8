using ApiKeyAuth.Redis.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>
/// Represents a circuit breaker: while it is open, no request waits for Redis. It closes when a retry in the background succeeds.
/// </summary>
internal sealed class RedisCircuitBreaker(
    ApiKeyRedisOptions options, TimeProvider time, RedisMetrics metrics, ILogger<RedisCircuitBreaker> logger) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private int _isOpen;

    public bool IsOpen => Volatile.Read(ref _isOpen) != 0;

    /// <summary>Opens the circuit if it is closed.</summary>
    /// <param name="reason">What failed. It must not contain text from the server.</param>
    /// <param name="recover">A delegate that tests Redis and returns <see langword="true"/> if it works.</param>
    public void Open(string reason, Func<Task<bool>> recover)
    {
        if (Interlocked.Exchange(ref _isOpen, 1) == 0)
        {
            // Logged last: the recovery must start even if a logger of the host throws.
            _ = RecoverAsync(recover, _stopping.Token);
            metrics.OutageChanged(isOn: true);
            RedisLog.OutageStarted(logger, reason, options.Outage);
        }
    }

    // The source is not disposed: a call that ends later may still open the circuit, and its recovery is then canceled at once.
    public void Dispose() => _stopping.Cancel();

    private async Task RecoverAsync(Func<Task<bool>> recover, CancellationToken stopping)
    {
        var began = time.GetTimestamp();
        do
        {
            await Task.Delay(options.RetryInterval, time, stopping);
        }
        while (!await recover());

        Volatile.Write(ref _isOpen, 0);
        RedisLog.OutageEnded(logger, time.GetElapsedTime(began));
        metrics.OutageChanged(isOn: false);

        // Charges what was admitted since the retry. If it fails, the circuit opens again.
        await recover();
    }
}
