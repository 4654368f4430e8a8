using System.Collections.Concurrent;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Usage;

/// <summary>What the places and times of a key's requests tell: a new country, a new network, a dormant key awake.</summary>
/// <remarks>What the store said of a key is remembered, until the memory is full.</remarks>
internal sealed class PlaceRules(ApiKeyAlertOptions options, ApiKeyUsageOptions usage)
{
    private const int MostKnown = 200_000;
    private const string Anywhere = "";
    private static readonly TimeSpan Newness = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<(string KeyId, string Place), DateTimeOffset> _known = new();

    public async Task<List<AlertFinding>> FindAsync(ApiKey key, SeenKey seen, IApiKeyUsageStore store, CancellationToken cancellationToken)
    {
        var findings = new List<AlertFinding>();
        if (seen.Hours.Count > 0)
        {
            await FindPlacesAsync(key, seen, store, findings, cancellationToken);
            if (options.Dormant > TimeSpan.Zero && await IsAwakeAsync(key, seen.Hours.Min, store, cancellationToken))
            {
                findings.Add(new AlertFinding(
                    ApiKeyAlertKinds.DormantKeyAwake, "", seen.Hours.Min + Newness,
                    $"API key {key.Id} is used again, after {(long)options.Dormant.TotalDays} days or more without a request.",
                    ("days", $"{(long)options.Dormant.TotalDays}")));
            }
        }

        return findings;
    }

    /// <summary>Remembers what was told.</summary>
    public void Remember(ApiKey key, SeenKey seen)
    {
        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        foreach (var place in seen.Countries.Concat(seen.Networks).Append(Anywhere))
        {
            _known[(key.Id, place)] = seen.Hours.Max;
        }
    }

    private async Task FindPlacesAsync(
        ApiKey key, SeenKey seen, IApiKeyUsageStore store, List<AlertFinding> findings, CancellationToken cancellationToken)
    {
        var hour = seen.Hours.Min;
        string[] countries = options.NewCountry ? [.. seen.Countries.Where(place => !IsKnown(key, place, hour, usage.DailyRetention))] : [];
        string[] networks = options.NewNetwork ? [.. seen.Networks.Where(place => !IsKnown(key, place, hour, usage.DailyRetention))] : [];
        if (countries.Length + networks.Length == 0)
        {
            return;
        }

        // Where a key was never used before, or from nowhere that is known, no place is new.
        var trace = await store.TraceUsageAsync(Before(key, hour, usage.DailyRetention), countries, networks, cancellationToken);
        findings.AddRange((trace.HasCountries ? countries : []).Except(trace.Countries, StringComparer.Ordinal).Select(country => new AlertFinding(
            ApiKeyAlertKinds.NewCountry, country, hour + Newness,
            $"API key {key.Id} is used from {country}, a country that it was not used from before.", ("country", country))));
        findings.AddRange((trace.HasNetworks ? networks : []).Except(trace.Networks, StringComparer.Ordinal).Select(network => new AlertFinding(
            ApiKeyAlertKinds.NewNetwork, network, hour + Newness,
            $"API key {key.Id} is used from {network}, a network that it was not used from before.", ("network", network))));
    }

    private async ValueTask<bool> IsAwakeAsync(ApiKey key, DateTimeOffset hour, IApiKeyUsageStore store, CancellationToken cancellationToken) =>
        !IsKnown(key, Anywhere, hour, options.Dormant)
        && key.CreatedAt <= hour - options.Dormant
        && !(await store.TraceUsageAsync(Before(key, hour, options.Dormant), [], [], cancellationToken)).IsUsed;

    private static ApiKeyUsageFilter Before(ApiKey key, DateTimeOffset hour, TimeSpan span) => new() { KeyId = key.Id, From = hour - span, To = hour };

    private bool IsKnown(ApiKey key, string place, DateTimeOffset hour, TimeSpan span) =>
        _known.TryGetValue((key.Id, place), out var last) && hour - last < span;
}
