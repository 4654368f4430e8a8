using System.Text.Json;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage;

/// <summary>Delivers the alerts of one target, at least once and on one node at a time. A target that hangs delays no other.</summary>
/// <remarks>No more is taken from the store than is sent at once, so the rest stays there for other nodes, and memory is bounded.</remarks>
internal sealed class AlertQueue(
    AlertTarget target, IApiKeyAlertStore store, ApiKeyMetrics metrics, TimeProvider clock, ILogger<AlertDelivery> logger)
{
    /// <summary>How many calls of a target are in progress at once. Those that have not returned after their timeout count too.</summary>
    public const int MaxConcurrent = 4;

    // Longer than the timeout, so that no other node sends the same alert meanwhile.
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private int _unreturned;
    private bool _hasTimedOut;
    private bool _isStuckLogged;

    /// <summary>Delivers everything that is due. One call at a time.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int count;
        IReadOnlyList<ApiKeyAlertDelivery> taken;
        do
        {
            count = FreeSlots();
            if (count == 0)
            {
                return;
            }

            var now = clock.GetUtcNow();
            taken = await store.TakeAsync([target.Name], now, now + Hold, RetrySchedule.Most, count, cancellationToken);
            var receipts = await Task.WhenAll(taken.Select(delivery => DeliverAsync(delivery, cancellationToken)));
            _hasTimedOut = receipts.Length == 0 ? _hasTimedOut : Array.Exists(receipts, receipt => receipt.IsTimeout);
        }
        while (taken.Count == count);
    }

    /// <summary>
    /// Gets how many deliveries may begin now: one if the last ones timed out, none while unreturned calls fill the queue.
    /// </summary>
    private int FreeSlots()
    {
        var free = MaxConcurrent - Volatile.Read(ref _unreturned);
        if (free <= 0 && !_isStuckLogged)
        {
            Log.AlertTargetStuck(logger, target.Name, MaxConcurrent);
        }

        _isStuckLogged = free <= 0;
        return free <= 0 ? 0 : _hasTimedOut ? 1 : free;
    }

    private async Task<AlertReceipt> DeliverAsync(ApiKeyAlertDelivery delivery, CancellationToken cancellationToken)
    {
        var alert = Read(delivery.Alert);
        var receipt = alert is null ? AlertReceipt.Failed(nameof(JsonException)) : await SendAsync(alert, cancellationToken);
        metrics.AlertTold(receipt.IsTold ? "told" : receipt.IsGone ? "gone" : "failed");
        if (receipt.IsTold)
        {
            await store.SettleAsync(delivery, nextAt: null, cancellationToken);
        }
        else if (receipt.IsGone)
        {
            Log.AlertTargetGone(logger, target.Name);
            await store.CloseAsync(target.Name, clock.GetUtcNow(), cancellationToken);
        }
        else
        {
            await RescheduleAsync(delivery, receipt, cancellationToken);
        }

        return receipt;
    }

    private async Task<AlertReceipt> SendAsync(ApiKeyAlert alert, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var token = either.Token;
        try
        {
            // On another thread: a handler of the app may block before its first await.
            return await Task.Run(() => CallAsync(alert, token), CancellationToken.None).WaitAsync(token);
        }
        catch (OperationCanceledException)
        {
            return AlertReceipt.TimedOut;
        }
    }

    private async Task<AlertReceipt> CallAsync(ApiKeyAlert alert, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _unreturned);
        try
        {
            return await target.TellAsync(alert, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _unreturned);
        }
    }

    private async Task RescheduleAsync(ApiKeyAlertDelivery delivery, AlertReceipt receipt, CancellationToken cancellationToken)
    {
        if (RetrySchedule.After(delivery.Attempts, receipt.RetryAfter) is { } wait)
        {
            await store.SettleAsync(delivery, clock.GetUtcNow() + wait, cancellationToken);
            Log.AlertPutOff(logger, delivery.AlertId, delivery.Target, receipt.Reason, delivery.Attempts);
        }
        else
        {
            await store.SettleAsync(delivery, nextAt: null, cancellationToken);
            Log.AlertGivenUp(logger, delivery.AlertId, delivery.Target, receipt.Reason, delivery.Attempts);
            metrics.AlertTold("given_up");
        }
    }

    private static ApiKeyAlert? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, AlertJson.Default.ApiKeyAlert);
        }
        catch (JsonException)
        {
            // Another version of the app wrote it.
            return null;
        }
    }
}
