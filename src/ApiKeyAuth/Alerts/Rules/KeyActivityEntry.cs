using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Represents the activity of a key since the last evaluation. It is not thread-safe.</summary>
internal sealed class KeyActivityEntry
{
    private const int MaxHours = 48;

    /// <summary>Gets the hours with requests, at most the latest 48.</summary>
    public SortedSet<DateTimeOffset> Hours { get; } = [];

    /// <summary>Gets the number of requests by country, in the order of first use.</summary>
    public OrderedDictionary<string, long> Countries { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Gets the number of requests by network, in the order of first use. Networks that were not recorded separately are <c>other</c>.
    /// </summary>
    public OrderedDictionary<string, long> Networks { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the hashes of the secrets that were used.</summary>
    public HashSet<ApiKeyHash> Hashes { get; } = [];

    /// <summary>Gets or sets a value indicating whether a test key was used on a live host.</summary>
    public bool IsOnLiveHost { get; set; }

    public void Add(ApiKeyUsageRecord usage)
    {
        Hours.Add(usage.Hour);
        if (Hours.Count > MaxHours)
        {
            Hours.Remove(Hours.Min);
        }

        Hashes.Add(usage.Hash);
        Add(Countries, usage.Country, usage.Count);
        Add(Networks, usage.Network, usage.Count);
    }

    private static void Add(OrderedDictionary<string, long> origins, string origin, long count)
    {
        if (origin.Length > 0)
        {
            origins[origin] = origins.GetValueOrDefault(origin) + count;
        }
    }
}
