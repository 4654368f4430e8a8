using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage.Counting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage.Countries;

/// <summary>
/// Resolves the networks and countries of usage that is written to the store. If the resolver fails, only the countries are missing.
/// </summary>
internal sealed class CountryResolver(IGeoResolver? resolver, ILogger<CountryResolver> logger)
{
    /// <summary>Converts snapshots to records with networks and countries, in the order of the uses. Equal records are combined.</summary>
    /// <remarks>A country that a request had is kept. The resolver is called for the others, with their network.</remarks>
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

        // Requests from the same network can have a country of their own, which does not apply to others. Only the resolver can name it.
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
                LastUsedAt = other.LastUsedAt is null || use.LastUsedAt > other.LastUsedAt ? use.LastUsedAt : other.LastUsedAt,
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
