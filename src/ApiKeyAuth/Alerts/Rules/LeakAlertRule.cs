using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Management.Leaks;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Raises an alert at once when a key is reported as leaked.</summary>
internal sealed class LeakAlertRule
{
    private static readonly TimeSpan IncidentDuration = TimeSpan.FromDays(1);

    private readonly AlertRecorder _recorder;
    private readonly TimeProvider _clock;
    private readonly ILogger<LeakAlertRule> _logger;

    public LeakAlertRule(
        ApiKeyAlertOptions options, LeakNotifier notifier, AlertRecorder recorder, TimeProvider clock, ILogger<LeakAlertRule> logger)
    {
        (_recorder, _clock, _logger) = (recorder, clock, logger);
        if (options.Enabled)
        {
            notifier.Leaked += RaiseAsync;
        }
    }

    private async Task<bool> RaiseAsync(LeakedKey leaked, LeakOrigin origin, CancellationToken cancellationToken)
    {
        var finding = new AlertFinding(
            ApiKeyAlertKinds.KeyLeaked,
            "",
            _clock.GetUtcNow() + IncidentDuration,
            $"The secret of API key {leaked.Key.Id} leaked; it was found at {origin}. {leaked.Outcome}",
            ("host", origin.Host),
            ("source", origin.Source));
        try
        {
            await _recorder.FireAsync(leaked.Key, finding, cancellationToken);
            return true;
        }
        catch (Exception exception)
        {
            Log.LeakAlertFailed(_logger, leaked.Key.Id, exception.GetType().Name);
            return false;
        }
    }
}
