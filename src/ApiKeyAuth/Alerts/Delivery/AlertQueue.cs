using System.Text.Json;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>Delivers the alerts of one target, at least once and on one node at a time. A target that hangs delays no other.</summary>
/// <remarks>
/// The queue claims only as many deliveries as it sends at once. The others stay in the store for other nodes, and memory is bounded.
/// </remarks>
internal sealed class AlertQueue(
    AlertTarget target, IApiKeyAlertStore store, ApiKeyMetrics metrics, TimeProvider clock, ILogger<AlertDispatcher> logger)
{
    /// <summary>The maximum number of calls of a target in progress. Calls that have not returned after their timeout count too.</summary>
    public const int MaxConcurrent = 4;

    // Longer than the timeout, so that another node does not send the same alert at the same time.
    private static readonly TimeSpan ClaimDuration = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private int _pendingCalls;
    private bool _hasTimedOut;
    private bool _isStuckLogged;

    /// <summary>Delivers all due alerts. It must not be called concurrently.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int count;
        IReadOnlyList<ApiKeyAlertDelivery> taken;
        do
        {
            count = GetFreeSlots();
            if (count == 0)
            {
                return;
            }

            var now = clock.GetUtcNow();
            taken = await store.ClaimDueAsync([target.Name], now, now + ClaimDuration, RetrySchedule.MaxDelay, count, cancellationToken);
            var receipts = await Task.WhenAll(taken.Select(delivery => DeliverAsync(delivery, cancellationToken)));
            _hasTimedOut = receipts.Length == 0 ? _hasTimedOut : Array.Exists(receipts, receipt => receipt.IsTimeout);
        }
        while (taken.Count == count);
    }

    /// <summary>
    /// Gets how many deliveries may begin now: one if the last ones timed out, none while unreturned calls fill the queue.
    /// </summary>
    private int GetFreeSlots()
    {
        var free = MaxConcurrent - Volatile.Read(ref _pendingCalls);
        if (free <= 0 && !_isStuckLogged)
        {
            Log.AlertTargetStuck(logger, target.Name, MaxConcurrent);
        }

        _isStuckLogged = free <= 0;
        return free <= 0 ? 0 : _hasTimedOut ? 1 : free;
    }

    private async Task<AlertDeliveryResult> DeliverAsync(ApiKeyAlertDelivery delivery, CancellationToken cancellationToken)
    {
        var alert = Deserialize(delivery.Payload);
        var receipt = alert is null ? AlertDeliveryResult.Failed(nameof(JsonException)) : await SendAsync(alert, cancellationToken);
        metrics.RecordAlertDelivery(receipt.IsDelivered ? "delivered" : receipt.IsGone ? "gone" : "failed");
        if (receipt.IsDelivered)
        {
            await store.CompleteAsync(delivery, nextAttemptAt: null, cancellationToken);
        }
        else if (receipt.IsGone)
        {
            Log.AlertTargetGone(logger, target.Name);
            await store.DisableTargetAsync(target.Name, clock.GetUtcNow(), cancellationToken);
        }
        else
        {
            await RescheduleAsync(delivery, receipt, cancellationToken);
        }

        return receipt;
    }

    private async Task<AlertDeliveryResult> SendAsync(ApiKeyAlert alert, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var token = either.Token;
        try
        {
            // On another thread, because a handler of the app may block before its first await.
            return await Task.Run(() => CallAsync(alert, token), CancellationToken.None).WaitAsync(token);
        }
        catch (OperationCanceledException)
        {
            return AlertDeliveryResult.TimedOut;
        }
    }

    private async Task<AlertDeliveryResult> CallAsync(ApiKeyAlert alert, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _pendingCalls);
        try
        {
            return await target.DeliverAsync(alert, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _pendingCalls);
        }
    }

    private async Task RescheduleAsync(ApiKeyAlertDelivery delivery, AlertDeliveryResult result, CancellationToken cancellationToken)
    {
        if (RetrySchedule.GetDelay(delivery.Attempts, result.RetryAfter) is { } wait)
        {
            await store.CompleteAsync(delivery, clock.GetUtcNow() + wait, cancellationToken);
            Log.AlertRescheduled(logger, delivery.AlertId, delivery.Target, result.Reason, delivery.Attempts);
        }
        else
        {
            await store.CompleteAsync(delivery, nextAttemptAt: null, cancellationToken);
            Log.AlertDeliveryAbandoned(logger, delivery.AlertId, delivery.Target, result.Reason, delivery.Attempts);
            metrics.RecordAlertDelivery("given_up");
        }
    }

    private static ApiKeyAlert? Deserialize(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, AlertJsonContext.Default.ApiKeyAlert);
        }
        catch (JsonException)
        {
            // The payload was written by another version of the app.
            return null;
        }
    }
}
