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
    private static readonly string Other = UsageNetwork.Other.ToString();
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

        foreach (var place in seen.Countries.Keys.Concat(seen.Networks.Keys).Append(Anywhere))
        {
            _known[(key.Id, place)] = seen.Hours.Max;
        }
    }

    private async Task FindPlacesAsync(
        ApiKey key, SeenKey seen, IApiKeyUsageStore store, List<AlertFinding> findings, CancellationToken cancellationToken)
    {
        var hour = seen.Hours.Min;
        string[] countries = options.NewCountry ? [.. Unknown(key, seen.Countries, hour)] : [];
        string[] networks = options.NewNetwork ? [.. Unknown(key, seen.Networks, hour).Where(network => network != Other)] : [];
        if (countries.Length + networks.Length == 0)
        {
            return;
        }

        var before = await store.TraceUsageAsync(Before(key, hour, usage.DailyRetention), countries, networks, cancellationToken);
        countries = [.. countries.Where(country => !before.Countries.ContainsKey(country))];
        networks = [.. networks.Where(network => !before.Networks.ContainsKey(network))];
        var hasCountry = before.Countries.Count > 0 || before.HasOtherCountries;
        var hasNetwork = before.Networks.Count > 0 || before.HasOtherNetworks;
        if ((countries.Length > 0 && !hasCountry) || (networks.Length > 0 && !hasNetwork))
        {
            // The history has no order within an hour. What it holds beyond the requests at hand came earlier, or by way of another node.
            var filter = new ApiKeyUsageFilter { KeyId = key.Id, From = hour, To = seen.Hours.Max.AddHours(1) };
            var since = await store.TraceUsageAsync(filter, [.. seen.Countries.Keys], [.. seen.Networks.Keys], cancellationToken);
            countries = hasCountry ? countries : WithoutFirst(countries, seen.Countries, since.Countries, since.HasOtherCountries);
            networks = hasNetwork ? networks : WithoutFirst(networks, seen.Networks, since.Networks, since.HasOtherNetworks);
        }

        findings.AddRange(countries.Select(country => new AlertFinding(
            ApiKeyAlertKinds.NewCountry, country, hour + Newness,
            $"API key {key.Id} is used from {country}, a country that it was not used from before.", ("country", country))));
        findings.AddRange(networks.Select(network => new AlertFinding(
            ApiKeyAlertKinds.NewNetwork, network, hour + Newness,
            $"API key {key.Id} is used from {network}, a network that it was not used from before.", ("network", network))));
    }

    /// <summary>Leaves out the place that a key was first used from, which is not new.</summary>
    /// <param name="places">The places that the history did not hold before, in the order in which they came up.</param>
    /// <param name="seen">The requests at hand from each place.</param>
    /// <param name="stored">The requests that the history holds from each of these places since.</param>
    /// <param name="hasOthers">Whether the history holds requests from another place since.</param>
    private static string[] WithoutFirst(
        string[] places, OrderedDictionary<string, long> seen, IReadOnlyDictionary<string, long> stored, bool hasOthers)
    {
        bool IsEarlier(string place) => stored.GetValueOrDefault(place) > seen[place];
        var isFirstOfAll = places.Length > 0 && (IsEarlier(places[0]) || !(hasOthers || seen.Keys.Any(IsEarlier)));
        return isFirstOfAll ? places[1..] : places;
    }

    private IEnumerable<string> Unknown(ApiKey key, OrderedDictionary<string, long> places, DateTimeOffset hour) =>
        places.Keys.Where(place => !IsKnown(key, place, hour, usage.DailyRetention));

    private async ValueTask<bool> IsAwakeAsync(ApiKey key, DateTimeOffset hour, IApiKeyUsageStore store, CancellationToken cancellationToken) =>
        !IsKnown(key, Anywhere, hour, options.Dormant)
        && key.CreatedAt <= hour - options.Dormant
        && !(await store.TraceUsageAsync(Before(key, hour, options.Dormant), [], [], cancellationToken)).IsUsed;

    private static ApiKeyUsageFilter Before(ApiKey key, DateTimeOffset hour, TimeSpan span) => new() { KeyId = key.Id, From = hour - span, To = hour };

    private bool IsKnown(ApiKey key, string place, DateTimeOffset hour, TimeSpan span) =>
        _known.TryGetValue((key.Id, place), out var last) && hour - last < span;
}
