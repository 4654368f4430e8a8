using System.Text.Json;
using ApiKeyAuth.Alerts.History;
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

    /// <summary>The number of deliveries of a target whose outcome is kept.</summary>
    public const int MaxRecords = 50;

    // Longer than the timeout, so that another node does not send the same alert at the same time.
    private static readonly TimeSpan ClaimDuration = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    // A user waits for it.
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(10);

    private int _pendingCalls;
    private bool _hasTimedOut;
    private bool _isStuckLogged;
    private int _pendingTests;

    public AlertTarget Target => target;

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

    /// <summary>Sends an alert once, without a retry.</summary>
    /// <returns>The result, or null if another test is in progress or the target has no free slot.</returns>
    public async Task<AlertDeliveryResult?> SendTestAsync(ApiKeyAlert alert, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _pendingTests, 1) == 1)
        {
            return null;
        }

        try
        {
            if (Volatile.Read(ref _pendingCalls) >= MaxConcurrent)
            {
                return null;
            }

            var result = await SendAsync(alert, TestTimeout, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            metrics.RecordAlertDelivery(GetMetric(result));
            return result;
        }
        finally
        {
            Volatile.Write(ref _pendingTests, 0);
        }
    }

    private static string GetMetric(AlertDeliveryResult result) =>
        result.IsDelivered ? "delivered" : result.IsGone ? "gone" : "failed";

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
        var receipt = alert is null
            ? AlertDeliveryResult.Failed(nameof(JsonException))
            : await SendAsync(alert, Timeout, cancellationToken);
        DateTimeOffset? next = null;
        var outcome = ApiKeyAlertDeliveryOutcome.Delivered;
        metrics.RecordAlertDelivery(GetMetric(receipt));
        if (receipt.IsDelivered)
        {
            await store.CompleteAsync(delivery, nextAttemptAt: null, cancellationToken);
        }
        else if (receipt.IsGone)
        {
            Log.AlertTargetGone(logger, target.Name);
            await store.DisableTargetAsync(target.Name, clock.GetUtcNow(), cancellationToken);
            outcome = ApiKeyAlertDeliveryOutcome.Gone;
        }
        else
        {
            next = await RescheduleAsync(delivery, receipt, cancellationToken);
            outcome = next is null ? ApiKeyAlertDeliveryOutcome.Abandoned : ApiKeyAlertDeliveryOutcome.Rescheduled;
        }

        if (alert is not null && target.HasHistory && store is IApiKeyAlertHistoryStore history)
        {
            var record = ApiKeyWebhookService.CreateRecord(
                alert, target, delivery.Attempts, receipt, outcome, next, clock.GetUtcNow());
            await history.RecordDeliveryAsync(record, MaxRecords, cancellationToken);
        }

        return receipt;
    }

    private async Task<AlertDeliveryResult> SendAsync(ApiKeyAlert alert, TimeSpan maxDuration, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(maxDuration, clock);
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

    /// <returns>The time of the next attempt, or null if none follows.</returns>
    private async Task<DateTimeOffset?> RescheduleAsync(
        ApiKeyAlertDelivery delivery, AlertDeliveryResult result, CancellationToken cancellationToken)
    {
        if (RetrySchedule.GetDelay(delivery.Attempts, result.RetryAfter) is { } wait)
        {
            var next = clock.GetUtcNow() + wait;
            await store.CompleteAsync(delivery, next, cancellationToken);
            Log.AlertRescheduled(logger, delivery.AlertId, delivery.Target, result.Reason, delivery.Attempts);
            return next;
        }

        await store.CompleteAsync(delivery, nextAttemptAt: null, cancellationToken);
        Log.AlertDeliveryAbandoned(logger, delivery.AlertId, delivery.Target, result.Reason, delivery.Attempts);
        metrics.RecordAlertDelivery("given_up");
        return null;
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
