namespace ApiKeyAuth.Usage;

/// <summary>What a key was seen to do since it was last looked at. One caller at a time.</summary>
internal sealed class SeenKey
{
    private const int MostHours = 48;

    /// <summary>The hours it was used in, the latest 48.</summary>
    public SortedSet<DateTimeOffset> Hours { get; } = [];

    public HashSet<string> Countries { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Networks { get; } = new(StringComparer.Ordinal);

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
        if (use.Country.Length > 0)
        {
            Countries.Add(use.Country);
        }

        if (use.Network.Length > 0 && use.Network != UsageNetwork.Other.ToString())
        {
            Networks.Add(use.Network);
        }
    }
}
