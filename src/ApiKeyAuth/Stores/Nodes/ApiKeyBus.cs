using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Stores;

/// <summary>Announces changes: forgets the key here, publishes, and waits until all other nodes have acted or their leases are over.</summary>
internal sealed class ApiKeyBus(
    IApiKeyCache cache, BusLine? line, ApiKeyNodeOptions options, TimeProvider clock, ApiKeyMetrics metrics, ILogger<ApiKeyBus> logger) : IApiKeyBus
{
    public bool IsConnected => line is not null;

    /// <summary>How often the bus is asked again where no hint comes.</summary>
    private TimeSpan Pause => options.Lease / 40;

    public async Task<bool> AnnounceAsync(string keyId, CancellationToken cancellationToken = default)
    {
        var isTold = await TellAsync(keyId, isGain: false, cancellationToken);
        if (!isTold)
        {
            metrics.PublishFailed();
            Log.NodesNotTold(logger, keyId);
        }

        return isTold;
    }

    /// <summary>Announces a change that takes nothing away, so that a key which others remember as unknown is accepted at once; they need not be waited for.</summary>
    public Task AnnounceGainAsync(string keyId, CancellationToken cancellationToken) => TellAsync(keyId, isGain: true, cancellationToken);

    /// <summary>Forgets the key here, and has other nodes told when the bus next answers.</summary>
    public void AnnounceLater(string keyId)
    {
        cache.Invalidate(keyId);
        line?.TellLater(keyId);
    }

    private async Task<bool> TellAsync(string keyId, bool isGain, CancellationToken cancellationToken)
    {
        cache.Invalidate(keyId);
        if (line is null)
        {
            return true;
        }

        var patience = isGain ? options.Lease / 10 : options.Lease;
        var pulse = line.Acknowledged.Next;
        var published = await PublishAsync(line, keyId, patience, cancellationToken);
        if (published is null)
        {
            return false;
        }

        if (isGain && published.IsAlone)
        {
            return true;
        }

        // The longest there is: a node may run with another setting while a new one is rolled out.
        var lease = published.LongestLease > options.Lease ? published.LongestLease : options.Lease;
        await WaitAsync(line, published, pulse, isGain ? patience : lease, cancellationToken);
        return true;
    }

    private async Task<ApiKeyBusPublication?> PublishAsync(BusLine line, string keyId, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        ApiKeyBusPublication? published = null;
        try
        {
            while (true)
            {
                published = await TryAsync(line.PublishAsync(keyId, patience - clock.GetElapsedTime(started)), cancellationToken);
                if (published is not null || clock.GetElapsedTime(started) + Pause >= patience)
                {
                    return published;
                }

                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
        finally
        {
            // Also where the caller gave up: the change is stored all the same.
            if (published is null)
            {
                line.TellLater(keyId);
            }
        }
    }

    /// <summary>Waits from the answer to the publication on: a beat that the bus took before it was sent before, and its lease is then over.</summary>
    private async Task WaitAsync(BusLine line, ApiKeyBusPublication published, Task pulse, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var answered = clock.GetTimestamp();
        var isAcknowledged = published.IsAcknowledged;
        while (!isAcknowledged && atMost - clock.GetElapsedTime(answered) is { Ticks: > 0 } left)
        {
            await line.Acknowledged.WaitAsync(pulse, left < Pause ? left : Pause, cancellationToken);
            pulse = line.Acknowledged.Next;
            left = atMost - clock.GetElapsedTime(answered);
            isAcknowledged = left > TimeSpan.Zero && await TryAsync(line.IsAcknowledgedAsync(published.Position, left), cancellationToken);
        }

        metrics.Acknowledged(clock.GetElapsedTime(answered), isAcknowledged);
    }

    private static async Task<T?> TryAsync<T>(Task<T> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call.WaitAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Why the bus does not answer is told where it beats.
            return default;
        }
    }
}
