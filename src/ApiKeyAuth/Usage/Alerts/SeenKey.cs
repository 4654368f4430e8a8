namespace ApiKeyAuth.Usage;

/// <summary>What a key was seen to do since it was last looked at. One caller at a time.</summary>
internal sealed class SeenKey
{
    private const int MostHours = 48;

    /// <summary>The hours it was used in, the latest 48.</summary>
    public SortedSet<DateTimeOffset> Hours { get; } = [];

    /// <summary>The countries it was used from with the number of requests, in the order in which they came up.</summary>
    public OrderedDictionary<string, long> Countries { get; } = new(StringComparer.Ordinal);

    /// <summary>The networks it was used from, likewise; those that were not kept apart are one, <c>other</c>.</summary>
    public OrderedDictionary<string, long> Networks { get; } = new(StringComparer.Ordinal);

    /// <summary>The secrets it was used with.</summary>
    public HashSet<Keys.ApiKeyHash> Hashes { get; } = [];

    /// <summary>Whether it is a test key that was used on a live host.</summary>
    public bool IsOnLiveHost { get; set; }

    public void Add(Stores.ApiKeyUse use)
    {
        Hours.Add(use.Hour);
        if (Hours.Count > MostHours)
        {
            Hours.Remove(Hours.Min);
        }

        Hashes.Add(use.Hash);
        Add(Countries, use.Country, use.Count);
        Add(Networks, use.Network, use.Count);
    }

    private static void Add(OrderedDictionary<string, long> places, string place, long count)
    {
        if (place.Length > 0)
        {
            places[place] = places.GetValueOrDefault(place) + count;
        }
    }
}
