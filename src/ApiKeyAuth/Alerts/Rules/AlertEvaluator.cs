using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Evaluates the keys that were used since the last run, and resolves incidents.</summary>
internal sealed class AlertEvaluator(
    KeyActivity keyActivity,
    ApiKeyAlertOptions options,
    OriginAlertRules originRules,
    ExpirationAlertRules expirationRules,
    AlertRecorder recorder,
    IApiKeyAlertStore alertStore,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<AlertEvaluator> logger)
{
    private const int PageSize = 100;

    /// <summary>Runs one evaluation.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Enabled)
        {
            return;
        }

        var keys = keyActivity.TakeAll();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            IApiKeyStore[] stores =
            [
                .. scope.ServiceProvider.GetServices<IApiKeyStore>().Where(store => store is IApiKeyUsageStore and IWritableApiKeyStore),
            ];
            foreach (var chunk in keys.Chunk(PageSize))
            {
                await EvaluateAsync(chunk, stores, cancellationToken);
            }

            await expirationRules.RunAsync([.. stores.OfType<IWritableApiKeyStore>()], cancellationToken);
            await ResolveDueAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            // The usage is in the store, so missed alerts are found when the key is used again.
            Log.AlertEvaluationFailed(logger, exception.GetType().Name);
        }
    }

    private async Task EvaluateAsync(
        KeyValuePair<string, KeyActivityEntry>[] chunk, IApiKeyStore[] stores, CancellationToken cancellationToken)
    {
        var found = new List<(ApiKey Key, KeyActivityEntry Activity, IApiKeyUsageStore Store)>();
        var left = chunk.ToDictionary(StringComparer.Ordinal);
        foreach (var store in stores)
        {
            var filter = new ApiKeyFilter { AllTenants = true, Ids = [.. left.Keys], Limit = PageSize };
            foreach (var key in left.Count == 0 ? [] : await ((IWritableApiKeyStore)store).ListAsync(filter, cancellationToken))
            {
                if (left.Remove(key.Id, out var activity))
                {
                    found.Add((key, activity, (IApiKeyUsageStore)store));
                }
            }
        }

        var settings = await AlertSettingsResolver.ResolveAsync(alertStore, options, found.Select(each => each.Key), cancellationToken);
        foreach (var (key, activity, store) in found)
        {
            await EvaluateAsync(key, activity, settings[key.Id], store, cancellationToken);
        }
    }

    private async Task EvaluateAsync(
        ApiKey key,
        KeyActivityEntry activity,
        ApiKeyAlertSettings settings,
        IApiKeyUsageStore store,
        CancellationToken cancellationToken)
    {
        var findings = await originRules.EvaluateAsync(key, activity, store, cancellationToken);
        if (UsageAlertRules.GetHistoryStart(settings, activity) is { } from)
        {
            var filter = new ApiKeyUsageFilter { KeyId = key.Id, From = from, To = activity.Hours.Max.AddHours(1) };
            var history = await store.GetUsageAsync(filter, cancellationToken);
            findings.AddRange(UsageAlertRules.Evaluate(key, settings, activity, history.Periods));
        }

        findings.AddRange(expirationRules.FindRetiringSecrets(key, activity));
        if (activity.IsOnLiveHost)
        {
            findings.Add(new AlertFinding(
                ApiKeyAlertKinds.TestKeyOnLiveHost,
                "",
                clock.GetUtcNow().AddHours(1),
                $"API key {key.Id} of environment {key.Environment} is used on a live host.",
                ("environment", key.Environment ?? "")));
        }

        foreach (var finding in findings)
        {
            await recorder.FireAsync(key, finding, cancellationToken);
        }

        originRules.RememberOrigins(key, activity);
    }

    private async Task ResolveDueAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ApiKeyAlertIncident> due;
        do
        {
            due = await alertStore.ListResolvableIncidentsAsync(clock.GetUtcNow(), PageSize, cancellationToken);
            foreach (var incident in due)
            {
                await recorder.ResolveAsync(incident, cancellationToken);
            }
        }
        while (due.Count == PageSize);
    }
}
