using ApiKeyAuth.Redis.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>Whether Redis is away. The first call that fails begins an outage, in which no request waits; one that is tried apart from them ends it.</summary>
internal sealed class RedisCircuitBreaker(ApiKeyRedisOptions options, TimeProvider time, RedisMetrics metrics, ILogger<RedisCircuitBreaker> logger) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private int _isOpen;

    public bool IsOpen => Volatile.Read(ref _isOpen) != 0;

    /// <summary>Begins one, if there is none.</summary>
    /// <param name="reason">What happened, without anything somebody else wrote.</param>
    /// <param name="recover">Tries Redis; true where it answers as it should.</param>
    public void Open(string reason, Func<Task<bool>> recover)
    {
        if (Interlocked.Exchange(ref _isOpen, 1) == 0)
        {
            // Told last: where the host's log throws, it ends all the same.
            _ = RecoverAsync(recover, _stopping.Token);
            metrics.OutageChanged(isOn: true);
            RedisLog.OutageStarted(logger, reason, options.Outage);
        }
    }

    // Not disposed of: a call that ends later may still begin an outage, which then ends at once.
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

        // What was let pass since the try. If it fails, that begins another outage.
        await recover();
    }
}
