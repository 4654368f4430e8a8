using ApiKeyAuth.Usage.Countries;

namespace ApiKeyAuth.Usage.Counting;

/// <summary>The networks, each with its country, that are kept apart for a key in an hour; it bounds a key's rows.</summary>
/// <remarks>Beyond the maximum a use keeps its country but not its network, for as many countries again. All others count as one.</remarks>
internal struct UsageOrigins
{
    private HashSet<(UsageNetwork Network, CountryCode Country)>? _others;
    private UsageNetwork _network;
    private int _hour;
    private CountryCode _country;

    /// <summary>Gets the kind that a use counts under: its own, or one with less of its place.</summary>
    public UsageBucketKey GetBucketKey(in UsageBucketKey key, int max)
    {
        if (!key.Network.IsNetwork && !key.Country.IsKnown)
        {
            return key;
        }

        if (_hour != key.Hour)
        {
            (_others, _network, _country, _hour) = (null, key.Network, key.Country, key.Hour);
        }

        if (TryKeep(key.Network, key.Country, max))
        {
            return key;
        }

        return key.Country.IsKnown && !TryKeep(UsageNetwork.Other, key.Country, 2 * max)
            ? key with { Network = UsageNetwork.Other, Country = CountryCode.None }
            : key with { Network = UsageNetwork.Other };
    }

    // The first needs no set. There is room for one at least, else no network would be kept.
    private bool TryKeep(UsageNetwork network, CountryCode country, int max) =>
        (network == _network && country == _country)
        || _others?.Contains((network, country)) == true
        || ((_others?.Count ?? 0) + 1 < max && (_others ??= []).Add((network, country)));
}
