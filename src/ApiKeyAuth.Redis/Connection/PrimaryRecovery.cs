using ApiKeyAuth.Redis.Diagnostics;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>
/// Finds the new primary after a failover: refreshes the roles of the known servers, then reconnects by the configured names.
/// </summary>
/// <remarks>
/// The client does neither if a server rejects a write. If a former primary keeps its connections and becomes a replica, every call
/// would fail until the process ends.
/// </remarks>
internal sealed class PrimaryRecovery(RedisConnection connection, TimeProvider time, ILogger<PrimaryRecovery> logger) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    // The app's own connection is refreshed less often, because other parts of the app use it too.
    private static readonly TimeSpan SharedRetryInterval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly RedisKey _probeKey = connection.Prefix + "primary:probe";
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

    // The source is not disposed: a call that ends later may still start a search, which is then canceled at once.
    public void Dispose() => _stopping.Cancel();

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var isSharedLogged = false;
            while (!await TryFindAsync(stopping))
            {
                if (connection.IsShared && !isSharedLogged)
                {
                    isSharedLogged = true;
                    RedisLog.SharedConnectionToReplica(logger, connection.Method);
                }

                await Task.Delay(connection.IsShared ? SharedRetryInterval : RetryInterval, time, stopping);
            }
        }
        catch (Exception)
        {
            // The process is stopping, or a logger of the host threw. The next failed call starts another search.
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
            // Treated like a connection that cannot write.
        }

        return !connection.IsShared && await TryReconnectAsync(stopping);
    }

    private async Task<bool> TryReconnectAsync(CancellationToken stopping)
    {
        var candidate = await connection.OpenNewAsync();
        var isUsed = false;
        try
        {
            if (await CanWriteAsync(candidate!, stopping))
            {
                connection.Replace(candidate!);
                isUsed = true;
                RedisLog.Reconnected(logger);
            }
        }
        finally
        {
            if (!isUsed)
            {
                await candidate!.DisposeAsync();
            }
        }

        return isUsed;
    }

    // Tested by a write and not by the role: a primary that has lost its replicas may reject writes too.
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
