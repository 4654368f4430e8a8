using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage.Counting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage.Countries;

/// <summary>Puts networks and countries into what goes to the store; a resolver that fails costs the countries and no more.</summary>
internal sealed class CountryResolver(IGeoResolver? resolver, ILogger<CountryResolver> logger)
{
    /// <summary>Names each use's network and country, in the order in which the uses began; those that are then alike become one.</summary>
    /// <remarks>A country that the request named stays. The resolver is asked for the others only, by their network.</remarks>
    public List<ApiKeyUsageRecord> Resolve(List<UsageSnapshot> snapshots)
    {
        var known = new Dictionary<UsageNetwork, (string Network, string Country)>();
        var named = new List<ApiKeyUsageRecord>(snapshots.Count);
        foreach (var (use, network, _) in snapshots.OrderBy(use => use.FirstUsedAt))
        {
            if (!known.TryGetValue(network, out var place))
            {
                known.Add(network, place = (network.ToString(), FindCountry(network)));
            }

            named.Add(use with { Network = place.Network, Country = use.Country.Length > 0 ? use.Country : place.Country });
        }

        // Only a resolver can name the country that other requests from the same network named themselves.
        return resolver is null ? named : Merge(named);
    }

    private static List<ApiKeyUsageRecord> Merge(List<ApiKeyUsageRecord> records)
    {
        var places = new Dictionary<(string, ApiKeyHash, DateTimeOffset, string, string, string), int>(records.Count);
        var merged = new List<ApiKeyUsageRecord>(records.Count);
        foreach (var use in records)
        {
            if (places.TryAdd((use.KeyId, use.Hash, use.Hour, use.Outcome, use.Country, use.Network), merged.Count))
            {
                merged.Add(use);
                continue;
            }

            var index = places[(use.KeyId, use.Hash, use.Hour, use.Outcome, use.Country, use.Network)];
            var other = merged[index];
            merged[index] = other with
            {
                Count = other.Count + use.Count,
                LastUsedAt = use.LastUsedAt > other.LastUsedAt ? use.LastUsedAt : other.LastUsedAt,
            };
        }

        return merged;
    }

    private string FindCountry(UsageNetwork network)
    {
        if (resolver is null || network.ToNetwork() is not { } known)
        {
            return "";
        }

        try
        {
            return CountryCode.Parse(resolver.FindCountry(known)).ToString();
        }
        catch (Exception exception)
        {
            Log.CountryResolutionFailed(logger, exception.GetType().Name);
            return "";
        }
    }
}
