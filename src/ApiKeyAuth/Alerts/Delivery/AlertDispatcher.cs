using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>Delivers alerts, with a queue per target.</summary>
internal sealed class AlertDispatcher
{
    private static readonly TimeSpan CleanupInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(7);

    private readonly IApiKeyAlertStore _store;
    private readonly TimeProvider _clock;
    private readonly AlertQueue[] _queues;
    private long? _lastCleanup;

    public AlertDispatcher(
        IApiKeyAlertStore store, AlertTargets targets, ApiKeyMetrics metrics, TimeProvider clock, ILogger<AlertDispatcher> logger)
    {
        (_store, _clock) = (store, clock);
        _queues = [.. targets.All.Select(target => new AlertQueue(target, store, metrics, clock, logger))];
    }

    /// <summary>Gets the tasks to run repeatedly, each independently of the others.</summary>
    public IEnumerable<Func<CancellationToken, Task>> Jobs =>
        [.. _queues.Select(queue => (Func<CancellationToken, Task>)queue.RunAsync), RemoveExpiredAsync];

    /// <summary>Sends an alert to a target once.</summary>
    /// <returns>The result, or null if the target is busy.</returns>
    public Task<AlertDeliveryResult?> SendTestAsync(AlertTarget target, ApiKeyAlert alert, CancellationToken cancellationToken) =>
        Array.Find(_queues, queue => queue.Target == target)!.SendTestAsync(alert, cancellationToken);

    /// <summary>Removes deliveries whose target is no longer configured on any node.</summary>
    private async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        if (_lastCleanup is not { } last || _clock.GetElapsedTime(last) >= CleanupInterval)
        {
            await _store.RemoveDeliveriesAsync(_clock.GetUtcNow() - MaxAge, cancellationToken);
            _lastCleanup = _clock.GetTimestamp();
        }
    }
}
