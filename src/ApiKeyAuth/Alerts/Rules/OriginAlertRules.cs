using System.Collections.Concurrent;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Counting;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Evaluates the origins and times of a key's requests: a new country, a new network, use after a long time.</summary>
/// <remarks>Results from the store are cached until the cache is full.</remarks>
internal sealed class OriginAlertRules(ApiKeyAlertOptions options, ApiKeyUsageOptions usage)
{
    private const int MaxKnownOrigins = 200_000;
    private const string AnyOrigin = "";
    private static readonly string OtherNetworks = UsageNetwork.Other.ToString();
    private static readonly TimeSpan IncidentDuration = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<(string KeyId, string Origin), DateTimeOffset> _knownOrigins = new();

    public async Task<List<AlertFinding>> EvaluateAsync(
        ApiKey key, KeyActivityEntry activity, IApiKeyUsageStore store, CancellationToken cancellationToken)
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

    /// <summary>Caches reported origins.</summary>
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
        string[] networks = options.NewNetwork
            ? [.. GetUnknown(key, activity.Networks, hour).Where(network => network != OtherNetworks)]
            : [];
        if (countries.Length + networks.Length == 0)
        {
            return;
        }

        var filterBefore = CreateFilterBefore(key, hour, usage.DailyRetention);
        var before = await store.GetUsageOriginsAsync(filterBefore, countries, networks, cancellationToken);
        countries = [.. countries.Where(country => !before.Countries.ContainsKey(country))];
        networks = [.. networks.Where(network => !before.Networks.ContainsKey(network))];
        var hasCountry = before.Countries.Count > 0 || before.HasOtherCountries;
        var hasNetwork = before.Networks.Count > 0 || before.HasOtherNetworks;
        if ((countries.Length > 0 && !hasCountry) || (networks.Length > 0 && !hasNetwork))
        {
            // Within an hour, the history has no order. Requests in the history that are not in the current activity were earlier or on
            // another node.
            var filter = new ApiKeyUsageFilter { KeyId = key.Id, From = hour, To = activity.Hours.Max.AddHours(1) };
            var since = await store.GetUsageOriginsAsync(
                filter, [.. activity.Countries.Keys], [.. activity.Networks.Keys], cancellationToken);
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

    /// <summary>Removes the origin of the first use of a key, which is not new.</summary>
    /// <param name="origins">The origins that are not in the earlier history, in the order of first use.</param>
    /// <param name="observed">The number of requests from each origin in the current activity.</param>
    /// <param name="stored">The number of requests from each of these origins in the history since.</param>
    /// <param name="hasOthers">Whether the history since contains requests from another origin.</param>
    private static string[] ExcludeFirst(
        string[] origins, OrderedDictionary<string, long> observed, IReadOnlyDictionary<string, long> stored, bool hasOthers)
    {
        bool IsEarlier(string origin) => stored.GetValueOrDefault(origin) > observed[origin];
        var isFirstOfAll = origins.Length > 0 && (IsEarlier(origins[0]) || !(hasOthers || observed.Keys.Any(IsEarlier)));
        return isFirstOfAll ? origins[1..] : origins;
    }

    private IEnumerable<string> GetUnknown(ApiKey key, OrderedDictionary<string, long> origins, DateTimeOffset hour) =>
        origins.Keys.Where(origin => !IsKnown(key, origin, hour, usage.DailyRetention));

    private async ValueTask<bool> IsReactivatedAsync(
        ApiKey key, DateTimeOffset hour, IApiKeyUsageStore store, CancellationToken cancellationToken) =>
        !IsKnown(key, AnyOrigin, hour, options.Dormant)
        && key.CreatedAt <= hour - options.Dormant
        && !(await store.GetUsageOriginsAsync(CreateFilterBefore(key, hour, options.Dormant), [], [], cancellationToken)).IsUsed;

    private static ApiKeyUsageFilter CreateFilterBefore(ApiKey key, DateTimeOffset hour, TimeSpan span) =>
        new() { KeyId = key.Id, From = hour - span, To = hour };

    private bool IsKnown(ApiKey key, string origin, DateTimeOffset hour, TimeSpan span) =>
        _knownOrigins.TryGetValue((key.Id, origin), out var last) && hour - last < span;
}
