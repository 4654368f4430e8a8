using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Management.Leaks;

/// <summary>Reports leaked keys to the alerts, or to the log if the app has none.</summary>
internal sealed class LeakNotifier(ILogger<LeakNotifier> logger)
{
    /// <summary>Occurs when a key leaked. The result is whether the alert is recorded.</summary>
    public event Func<LeakedKey, LeakOrigin, CancellationToken, Task<bool>>? Leaked;

    public async Task NotifyAsync(LeakedKey leaked, LeakOrigin origin, CancellationToken cancellationToken)
    {
        if (Leaked is null || !await Leaked(leaked, origin, cancellationToken))
        {
            Log.KeyLeaked(logger, leaked.Key.Id, origin.ToString(), leaked.Outcome);
        }
    }
}
