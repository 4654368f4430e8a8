using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Backplane;

/// <summary>
/// Invalidates a key on this node, publishes the invalidation, and waits until all other nodes have acknowledged it or lost their leases.
/// </summary>
internal sealed class ApiKeyInvalidator(
    IApiKeyCache cache,
    BackplaneClient? client,
    ApiKeyBackplaneOptions options,
    TimeProvider clock,
    ApiKeyMetrics metrics,
    ILogger<ApiKeyInvalidator> logger) : IApiKeyInvalidator
{
    public bool HasBackplane => client is not null;

    /// <summary>Gets the time between two calls to the backplane if no notification arrives.</summary>
    private TimeSpan PollInterval => options.Lease / 40;

    public async Task<bool> InvalidateAsync(string keyId, CancellationToken cancellationToken = default)
    {
        var isPublished = await InvalidateCoreAsync(keyId, isGrant: false, cancellationToken);
        if (!isPublished)
        {
            metrics.RecordPublishFailure();
            Log.InvalidationPublishFailed(logger, keyId);
        }

        return isPublished;
    }

    /// <summary>Publishes a change that only adds rights, so that other nodes accept a key that they cached as unknown.</summary>
    /// <remarks>It waits for acknowledgments for a tenth of a lease only.</remarks>
    public Task InvalidateForGrantAsync(string keyId, CancellationToken cancellationToken) =>
        InvalidateCoreAsync(keyId, isGrant: true, cancellationToken);

    /// <summary>Invalidates the key on this node, and publishes the invalidation when the backplane next answers.</summary>
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

        var timeout = isGrant ? options.Lease / 10 : options.Lease;
        var signal = client.Acknowledged.Next;
        var published = await PublishWithRetriesAsync(client, keyId, timeout, cancellationToken);
        if (published is null)
        {
            return false;
        }

        if (isGrant && published.IsOnlyMember)
        {
            return true;
        }

        // Nodes may have different leases while a new setting is rolled out.
        var lease = published.LongestLease > options.Lease ? published.LongestLease : options.Lease;
        await WaitForAcknowledgmentsAsync(client, published, signal, isGrant ? timeout : lease, cancellationToken);
        return true;
    }

    private async Task<PublishResult?> PublishWithRetriesAsync(
        BackplaneClient client, string keyId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var startedAt = clock.GetTimestamp();
        PublishResult? published = null;
        try
        {
            while (true)
            {
                published = await TryAsync(client.PublishAsync(keyId, timeout - clock.GetElapsedTime(startedAt)), cancellationToken);
                if (published is not null || clock.GetElapsedTime(startedAt) + PollInterval >= timeout)
                {
                    return published;
                }

                await Task.Delay(PollInterval, clock, cancellationToken);
            }
        }
        finally
        {
            // Also if the caller canceled: the change is stored.
            if (published is null)
            {
                client.QueueInvalidation(keyId);
            }
        }
    }

    /// <summary>Waits for acknowledgments for a time that starts with the response to the publication.</summary>
    /// <remarks>
    /// Heartbeats that were publishedAt before the publication were also sent before, so their leases end within that time.
    /// </remarks>
    private async Task WaitForAcknowledgmentsAsync(
        BackplaneClient client, PublishResult publication, Task signal, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var publishedAt = clock.GetTimestamp();
        var isAcknowledged = publication.IsAcknowledged;
        while (!isAcknowledged && timeout - clock.GetElapsedTime(publishedAt) is { Ticks: > 0 } remaining)
        {
            await client.Acknowledged.WaitAsync(signal, remaining < PollInterval ? remaining : PollInterval, cancellationToken);
            signal = client.Acknowledged.Next;
            remaining = timeout - clock.GetElapsedTime(publishedAt);
            isAcknowledged = remaining > TimeSpan.Zero
                && await TryAsync(client.IsAcknowledgedAsync(publication.Position, remaining), cancellationToken);
        }

        metrics.RecordAcknowledgment(clock.GetElapsedTime(publishedAt), isAcknowledged);
    }

    private static async Task<T?> TryAsync<T>(Task<T> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call.WaitAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // BackplaneMember logs why the backplane does not answer.
            return default;
        }
    }
}
