using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Backplane;

/// <summary>Announces changes: forgets the key here, publishes, and waits until all other nodes have acted or their leases are over.</summary>
internal sealed class ApiKeyInvalidator(
    IApiKeyCache cache, BackplaneClient? client, ApiKeyBackplaneOptions options, TimeProvider clock, ApiKeyMetrics metrics, ILogger<ApiKeyInvalidator> logger) : IApiKeyInvalidator
{
    public bool HasBackplane => client is not null;

    /// <summary>How often the bus is asked again where no hint comes.</summary>
    private TimeSpan PollInterval => options.Lease / 40;

    public async Task<bool> InvalidateAsync(string keyId, CancellationToken cancellationToken = default)
    {
        var isTold = await InvalidateCoreAsync(keyId, isGrant: false, cancellationToken);
        if (!isTold)
        {
            metrics.RecordPublishFailure();
            Log.InvalidationPublishFailed(logger, keyId);
        }

        return isTold;
    }

    /// <summary>Announces a change that takes nothing away, so that a key which others remember as unknown is accepted at once; they need not be waited for.</summary>
    public Task InvalidateForGrantAsync(string keyId, CancellationToken cancellationToken) => InvalidateCoreAsync(keyId, isGrant: true, cancellationToken);

    /// <summary>Forgets the key here, and has other nodes told when the bus next answers.</summary>
    public void InvalidateInBackground(string keyId)
    {
        cache.Invalidate(keyId);
        client?.QueueInvalidation(keyId);
    }

    private async Task<bool> InvalidateCoreAsync(string keyId, bool isGrant, CancellationToken cancellationToken)
    {
        cache.Invalidate(keyId);
        if (client is null)
        {
            return true;
        }

        var patience = isGrant ? options.Lease / 10 : options.Lease;
        var pulse = client.Acknowledged.Next;
        var published = await PublishWithRetriesAsync(client, keyId, patience, cancellationToken);
        if (published is null)
        {
            return false;
        }

        if (isGrant && published.IsOnlyMember)
        {
            return true;
        }

        // The longest there is: a node may run with another setting while a new one is rolled out.
        var lease = published.LongestLease > options.Lease ? published.LongestLease : options.Lease;
        await WaitForAcknowledgmentsAsync(client, published, pulse, isGrant ? patience : lease, cancellationToken);
        return true;
    }

    private async Task<PublishResult?> PublishWithRetriesAsync(BackplaneClient client, string keyId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        PublishResult? published = null;
        try
        {
            while (true)
            {
                published = await TryAsync(client.PublishAsync(keyId, timeout - clock.GetElapsedTime(started)), cancellationToken);
                if (published is not null || clock.GetElapsedTime(started) + PollInterval >= timeout)
                {
                    return published;
                }

                await Task.Delay(PollInterval, clock, cancellationToken);
            }
        }
        finally
        {
            // Also where the caller gave up: the change is stored all the same.
            if (published is null)
            {
                client.QueueInvalidation(keyId);
            }
        }
    }

    /// <summary>Waits from the answer to the publication on: a beat that the bus took before it was sent before, and its lease is then over.</summary>
    private async Task WaitForAcknowledgmentsAsync(BackplaneClient client, PublishResult publication, Task signal, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answered = clock.GetTimestamp();
        var isAcknowledged = publication.IsAcknowledged;
        while (!isAcknowledged && timeout - clock.GetElapsedTime(answered) is { Ticks: > 0 } left)
        {
            await client.Acknowledged.WaitAsync(signal, left < PollInterval ? left : PollInterval, cancellationToken);
            signal = client.Acknowledged.Next;
            left = timeout - clock.GetElapsedTime(answered);
            isAcknowledged = left > TimeSpan.Zero && await TryAsync(client.IsAcknowledgedAsync(publication.Position, left), cancellationToken);
        }

        metrics.RecordAcknowledgment(clock.GetElapsedTime(answered), isAcknowledged);
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
