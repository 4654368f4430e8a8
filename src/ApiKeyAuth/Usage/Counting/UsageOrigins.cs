using ApiKeyAuth.Usage.Countries;

namespace ApiKeyAuth.Usage.Counting;

/// <summary>Represents the networks and countries that are recorded separately for a key in an hour, which limits the key's rows.</summary>
/// <remarks>
/// Above the maximum, a use is recorded with its country but without its network, for the same number of countries. All other uses are
/// recorded together.
/// </remarks>
internal struct UsageOrigins
{
    private HashSet<(UsageNetwork Network, CountryCode Country)>? _others;
    private UsageNetwork _network;
    private int _hour;
    private CountryCode _country;

    /// <summary>Gets the bucket key of a use: its own, or one without its network or country.</summary>
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

    // The first network needs no set. The maximum is at least 1 here, because with 0 no network is recorded.
    private bool TryKeep(UsageNetwork network, CountryCode country, int max) =>
        (network == _network && country == _country)
        || _others?.Contains((network, country)) == true
        || ((_others?.Count ?? 0) + 1 < max && (_others ??= []).Add((network, country)));
}
