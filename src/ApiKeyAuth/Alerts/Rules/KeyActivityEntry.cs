using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>What a key was seen to do since it was last looked at. One caller at a time.</summary>
internal sealed class KeyActivityEntry
{
    private const int MaxHours = 48;

    /// <summary>The hours it was used in, the latest 48.</summary>
    public SortedSet<DateTimeOffset> Hours { get; } = [];

    /// <summary>The countries it was used from with the number of requests, in the order in which they came up.</summary>
    public OrderedDictionary<string, long> Countries { get; } = new(StringComparer.Ordinal);

    /// <summary>The networks it was used from, likewise; those that were not kept apart are one, <c>other</c>.</summary>
    public OrderedDictionary<string, long> Networks { get; } = new(StringComparer.Ordinal);

    /// <summary>The secrets it was used with.</summary>
    public HashSet<ApiKeyHash> Hashes { get; } = [];

    /// <summary>Whether it is a test key that was used on a live host.</summary>
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
