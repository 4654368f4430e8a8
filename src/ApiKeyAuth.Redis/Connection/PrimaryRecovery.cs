using ApiKeyAuth.Redis.Diagnostics;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>
/// Finds the primary again after a failover: asks the known servers for their roles, then connects again by the configured names.
/// </summary>
/// <remarks>
/// The client does neither when a server refuses a write. Behind one name the former primary keeps its connections and lives on as a
/// replica, so every call would fail until the process ends.
/// </remarks>
internal sealed class PrimaryRecovery(
    RedisConnectionFactory connectionFactory, RedisConnection connection, TimeProvider time, ILogger<PrimaryRecovery> logger) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    // The roles in the app's own connection are asked for less often, because other parts of the app use it too.
    private static readonly TimeSpan SharedRetryInterval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly RedisKey _probeKey = connection.Prefix + "primary:trial";
    private int _isRunning;

    /// <summary>Starts looking for the primary if a call failed because the server is not one.</summary>
    public void ReportFailure(Exception exception)
    {
        var isReplica = RedisErrors.IsNotPrimary(exception) || (RedisErrors.IsPrimaryMissing(exception) && connection.HasOnlyReplicas);
        if (isReplica && Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            _ = RunAsync(_stopping.Token);
        }
    }

    // Not disposed of: a call that ends later may still start a search, which then ends at once.
    public void Dispose() => _stopping.Cancel();

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var isToldOfShared = false;
            while (!await TryFindAsync(stopping))
            {
                if (connectionFactory.IsShared && !isToldOfShared)
                {
                    isToldOfShared = true;
                    RedisLog.SharedConnectionToReplica(logger);
                }

                await Task.Delay(connectionFactory.IsShared ? SharedRetryInterval : RetryInterval, time, stopping);
            }
        }
        catch (Exception)
        {
            // The process stops, or the host's log threw. The next call that fails starts again.
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private async Task<bool> TryFindAsync(CancellationToken stopping)
    {
        try
        {
            var current = await connection.OpenAsync();
            await current.ConfigureAsync().WaitAsync(Timeout, time, stopping);
            if (await CanWriteAsync(current, stopping))
            {
                RedisLog.PrimaryFound(logger);
                return true;
            }
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            // It is as good as a connection that cannot write.
        }

        return !connectionFactory.IsShared && await TryReconnectAsync(stopping);
    }

    private async Task<bool> TryReconnectAsync(CancellationToken stopping)
    {
        var another = await connection.OpenNewAsync();
        var isUsed = false;
        try
        {
            if (await CanWriteAsync(another!, stopping))
            {
                connection.Replace(another!);
                isUsed = true;
                RedisLog.Reconnected(logger);
            }
        }
        finally
        {
            if (!isUsed)
            {
                await another!.DisposeAsync();
            }
        }

        return isUsed;
    }

    // A write proves more than a role: a primary may refuse writes too, as one that has lost its replicas does.
    private async Task<bool> CanWriteAsync(IConnectionMultiplexer candidate, CancellationToken stopping)
    {
        try
        {
            await connection.GetDatabase(candidate).SetWithExpirationAsync(_probeKey, "").WaitAsync(Timeout, time, stopping);
            return true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return false;
        }
    }
}
