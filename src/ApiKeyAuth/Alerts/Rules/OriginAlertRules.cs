using System.Collections.Concurrent;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Counting;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>What the places and times of a key's requests tell: a new country, a new network, a dormant key awake.</summary>
/// <remarks>What the store said of a key is remembered, until the memory is full.</remarks>
internal sealed class OriginAlertRules(ApiKeyAlertOptions options, ApiKeyUsageOptions usage)
{
    private const int MaxKnownOrigins = 200_000;
    private const string AnyOrigin = "";
    private static readonly string OtherNetworks = UsageNetwork.Other.ToString();
    private static readonly TimeSpan IncidentDuration = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<(string KeyId, string Place), DateTimeOffset> _knownOrigins = new();

    public async Task<List<AlertFinding>> EvaluateAsync(ApiKey key, KeyActivityEntry activity, IApiKeyUsageStore store, CancellationToken cancellationToken)
    {
        var findings = new List<AlertFinding>();
        if (activity.Hours.Count > 0)
        {
            await FindNewOriginsAsync(key, activity, store, findings, cancellationToken);
            if (options.Dormant > TimeSpan.Zero && await IsReactivatedAsync(key, activity.Hours.Min, store, cancellationToken))
            {
                findings.Add(new AlertFinding(
                    ApiKeyAlertKinds.DormantKeyAwake, "", activity.Hours.Min + IncidentDuration,
                    $"API key {key.Id} is used again, after {(long)options.Dormant.TotalDays} days or more without a request.",
                    ("days", $"{(long)options.Dormant.TotalDays}")));
            }
        }

        return findings;
    }

    /// <summary>Remembers what was told.</summary>
    public void RememberOrigins(ApiKey key, KeyActivityEntry activity)
    {
        if (_knownOrigins.Count >= MaxKnownOrigins)
        {
            _knownOrigins.Clear();
        }

        foreach (var place in activity.Countries.Keys.Concat(activity.Networks.Keys).Append(AnyOrigin))
        {
            _knownOrigins[(key.Id, place)] = activity.Hours.Max;
        }
    }

    private async Task FindNewOriginsAsync(
        ApiKey key, KeyActivityEntry activity, IApiKeyUsageStore store, List<AlertFinding> findings, CancellationToken cancellationToken)
    {
        var hour = activity.Hours.Min;
        string[] countries = options.NewCountry ? [.. GetUnknown(key, activity.Countries, hour)] : [];
        string[] networks = options.NewNetwork ? [.. GetUnknown(key, activity.Networks, hour).Where(network => network != OtherNetworks)] : [];
        if (countries.Length + networks.Length == 0)
        {
            return;
        }

        var before = await store.GetUsageOriginsAsync(CreateFilterBefore(key, hour, usage.DailyRetention), countries, networks, cancellationToken);
        countries = [.. countries.Where(country => !before.Countries.ContainsKey(country))];
        networks = [.. networks.Where(network => !before.Networks.ContainsKey(network))];
        var hasCountry = before.Countries.Count > 0 || before.HasOtherCountries;
        var hasNetwork = before.Networks.Count > 0 || before.HasOtherNetworks;
        if ((countries.Length > 0 && !hasCountry) || (networks.Length > 0 && !hasNetwork))
        {
            // The history has no order within an hour. What it holds beyond the requests at hand came earlier, or by way of another node.
            var filter = new ApiKeyUsageFilter { KeyId = key.Id, From = hour, To = activity.Hours.Max.AddHours(1) };
            var since = await store.GetUsageOriginsAsync(filter, [.. activity.Countries.Keys], [.. activity.Networks.Keys], cancellationToken);
            countries = hasCountry ? countries : ExcludeFirst(countries, activity.Countries, since.Countries, since.HasOtherCountries);
            networks = hasNetwork ? networks : ExcludeFirst(networks, activity.Networks, since.Networks, since.HasOtherNetworks);
        }

        findings.AddRange(countries.Select(country => new AlertFinding(
            ApiKeyAlertKinds.NewCountry, country, hour + IncidentDuration,
            $"API key {key.Id} is used from {country}, a country that it was not used from before.", ("country", country))));
        findings.AddRange(networks.Select(network => new AlertFinding(
            ApiKeyAlertKinds.NewNetwork, network, hour + IncidentDuration,
            $"API key {key.Id} is used from {network}, a network that it was not used from before.", ("network", network))));
    }

    /// <summary>Leaves out the place that a key was first used from, which is not new.</summary>
    /// <param name="origins">The places that the history did not hold before, in the order in which they came up.</param>
    /// <param name="observed">The requests at hand from each place.</param>
    /// <param name="stored">The requests that the history holds from each of these places since.</param>
    /// <param name="hasOthers">Whether the history holds requests from another place since.</param>
    private static string[] ExcludeFirst(
        string[] origins, OrderedDictionary<string, long> observed, IReadOnlyDictionary<string, long> stored, bool hasOthers)
    {
        bool IsEarlier(string place) => stored.GetValueOrDefault(place) > observed[place];
        var isFirstOfAll = origins.Length > 0 && (IsEarlier(origins[0]) || !(hasOthers || observed.Keys.Any(IsEarlier)));
        return isFirstOfAll ? origins[1..] : origins;
    }

    private IEnumerable<string> GetUnknown(ApiKey key, OrderedDictionary<string, long> origins, DateTimeOffset hour) =>
        origins.Keys.Where(place => !IsKnown(key, place, hour, usage.DailyRetention));

    private async ValueTask<bool> IsReactivatedAsync(ApiKey key, DateTimeOffset hour, IApiKeyUsageStore store, CancellationToken cancellationToken) =>
        !IsKnown(key, AnyOrigin, hour, options.Dormant)
        && key.CreatedAt <= hour - options.Dormant
        && !(await store.GetUsageOriginsAsync(CreateFilterBefore(key, hour, options.Dormant), [], [], cancellationToken)).IsUsed;

    private static ApiKeyUsageFilter CreateFilterBefore(ApiKey key, DateTimeOffset hour, TimeSpan span) => new() { KeyId = key.Id, From = hour - span, To = hour };

    private bool IsKnown(ApiKey key, string origin, DateTimeOffset hour, TimeSpan span) =>
        _knownOrigins.TryGetValue((key.Id, origin), out var last) && hour - last < span;
}
