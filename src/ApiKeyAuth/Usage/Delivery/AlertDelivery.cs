using System.Text.Json;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage;

/// <summary>Tells what is to be told, at least once, on one node at a time.</summary>
internal sealed class AlertDelivery(
    IApiKeyAlertStore store, AlertTargets targets, ApiKeyMetrics metrics, TimeProvider clock, ILogger<AlertDelivery> logger)
{
    private const int Page = 20;

    // Longer than any target is given, so that no other node tells the same meanwhile.
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Upkeep = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostAge = TimeSpan.FromDays(7);

    private long? _upkeep;

    /// <summary>Tells all that is due.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ApiKeyAlertDelivery> taken;
        do
        {
            var now = clock.GetUtcNow();
            taken = await store.TakeAsync(targets.Names, now, now + Hold, RetrySchedule.Most, Page, cancellationToken);
            await Task.WhenAll(taken.Select(delivery => DeliverAsync(delivery, cancellationToken)));
        }
        while (taken.Count == Page);

        await RemoveOldAsync(cancellationToken);
    }

    private async Task DeliverAsync(ApiKeyAlertDelivery delivery, CancellationToken cancellationToken)
    {
        var target = targets.Find(delivery.Target)!;
        var receipt = Read(delivery.Alert) is { } alert ? await TellAsync(target, alert, cancellationToken) : AlertReceipt.Failed(nameof(JsonException));
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
            await PutOffAsync(delivery, receipt, cancellationToken);
        }
    }

    private async Task<AlertReceipt> TellAsync(AlertTarget target, ApiKeyAlert alert, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await target.TellAsync(alert, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return AlertReceipt.Failed("timeout");
        }
    }

    private async Task PutOffAsync(ApiKeyAlertDelivery delivery, AlertReceipt receipt, CancellationToken cancellationToken)
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

    /// <summary>Forgets what nobody takes any more, because its target is no longer configured anywhere.</summary>
    private async Task RemoveOldAsync(CancellationToken cancellationToken)
    {
        if (_upkeep is not { } last || clock.GetElapsedTime(last) >= Upkeep)
        {
            await store.RemoveDeliveriesAsync(clock.GetUtcNow() - MostAge, cancellationToken);
            _upkeep = clock.GetTimestamp();
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
