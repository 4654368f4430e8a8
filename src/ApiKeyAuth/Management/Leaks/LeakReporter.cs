using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management.Leaks;

/// <summary>Handles reports of leaked secrets, as configured for the environment of the key.</summary>
internal sealed class LeakReporter(
    LeakedSecrets leakedSecrets, LeakNotifier notifier, ApiKeyLeakReportOptions options, ApiKeyFormats formats)
{
    private const string ReadOnlyOutcome =
        "It is in a store that cannot be changed here, such as the settings; remove or replace it there.";

    /// <summary>Handles the leak of a secret. A key that cannot be changed only raises an alert.</summary>
    /// <returns>Whether the secret is one of a key, or a problem.</returns>
    public async Task<ApiKeyResult<bool>> ReportAsync(string secret, ApiKeyLeakReport report, CancellationToken cancellationToken)
    {
        var origin = LeakOrigin.Read(report, formats);
        var caller = ApiKeyCaller.ForLeakReport(origin.Source, origin.Host, report.Address);
        var (leaked, problem) = await leakedSecrets.EndAsync(secret, key => CreatePlan(key, caller, origin), cancellationToken);
        if (leaked is null && problem is null)
        {
            (var key, problem) = await leakedSecrets.FindReadOnlyAsync(secret, cancellationToken);
            leaked = key is null ? null : new LeakedKey(key, ReadOnlyOutcome);
        }

        if (problem is not null)
        {
            return problem;
        }

        if (leaked is not null)
        {
            await notifier.NotifyAsync(leaked, origin, cancellationToken);
        }

        return leaked is not null;
    }

    private LeakPlan CreatePlan(ApiKey key, ApiKeyCaller caller, LeakOrigin origin)
    {
        var isListed = options.Environments.TryGetValue(key.Environment ?? "", out var listed);
        var action = isListed ? listed : options.Action;
        return new LeakPlan(caller, action, options.RotationGrace, $"The secret was found at {origin}.");
    }
}
