using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage;

/// <summary>Looks at the keys that were used since it last did, and at what is open and over.</summary>
internal sealed class AlertWatch(
    SeenKeys seen, ApiKeyAlertOptions options, PlaceRules places, EndRules ends, AlertBook book, IApiKeyAlertStore alerts, IServiceScopeFactory scopes,
    TimeProvider clock, ILogger<AlertWatch> logger)
{
    private const int Page = 100;

    /// <summary>Looks once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Enabled)
        {
            return;
        }

        var keys = seen.Take();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            IApiKeyStore[] stores = [.. scope.ServiceProvider.GetServices<IApiKeyStore>().Where(store => store is IApiKeyUsageStore and IWritableApiKeyStore)];
            foreach (var chunk in keys.Chunk(Page))
            {
                await LookAsync(chunk, stores, cancellationToken);
            }

            await ends.RunAsync([.. stores.OfType<IWritableApiKeyStore>()], cancellationToken);
            await EndAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            // The numbers stay in the store, so what was missed is found when the key is used next.
            Log.AlertsNotLookedAt(logger, exception.GetType().Name);
        }
    }

    private async Task LookAsync(KeyValuePair<string, SeenKey>[] chunk, IApiKeyStore[] stores, CancellationToken cancellationToken)
    {
        var found = new List<(ApiKey Key, SeenKey Seen, IApiKeyUsageStore Store)>();
        var left = chunk.ToDictionary(StringComparer.Ordinal);
        foreach (var store in stores)
        {
            var filter = new ApiKeyFilter { AllTenants = true, Ids = [.. left.Keys], Count = Page };
            foreach (var key in left.Count == 0 ? [] : await ((IWritableApiKeyStore)store).ListAsync(filter, cancellationToken))
            {
                if (left.Remove(key.Id, out var noted))
                {
                    found.Add((key, noted, (IApiKeyUsageStore)store));
                }
            }
        }

        var chosen = await AlertChoice.ReadAsync(alerts, options, found.Select(each => each.Key), cancellationToken);
        foreach (var (key, noted, store) in found)
        {
            await LookAsync(key, noted, chosen[key.Id], store, cancellationToken);
        }
    }

    private async Task LookAsync(ApiKey key, SeenKey noted, ApiKeyAlertSettings settings, IApiKeyUsageStore store, CancellationToken cancellationToken)
    {
        var findings = await places.FindAsync(key, noted, store, cancellationToken);
        if (CountRules.From(settings, noted) is { } from)
        {
            var filter = new ApiKeyUsageFilter { KeyId = key.Id, From = from, To = noted.Hours.Max.AddHours(1) };
            findings.AddRange(CountRules.Find(key, settings, noted, (await store.GetUsageAsync(filter, cancellationToken)).Periods));
        }

        findings.AddRange(ends.FindRetiring(key, noted));
        if (noted.IsOnLiveHost)
        {
            findings.Add(new AlertFinding(
                ApiKeyAlertKinds.TestKeyOnLiveHost, "", clock.GetUtcNow().AddHours(1), $"API key {key.Id} of environment {key.Environment} is used on a live host.",
                ("environment", key.Environment ?? "")));
        }

        foreach (var finding in findings)
        {
            await book.BeginAsync(key, finding, cancellationToken);
        }

        places.Remember(key, noted);
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ApiKeyAlertEpisode> over;
        do
        {
            over = await alerts.ListOverAsync(clock.GetUtcNow(), Page, cancellationToken);
            foreach (var episode in over)
            {
                await book.EndAsync(episode, cancellationToken);
            }
        }
        while (over.Count == Page);
    }
}
