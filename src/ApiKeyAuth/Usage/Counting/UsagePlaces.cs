namespace ApiKeyAuth.Usage;

/// <summary>The networks, each with its country, that are kept apart for a key in an hour; it bounds a key's rows.</summary>
/// <remarks>Beyond the maximum a use keeps its country but not its network, for as many countries again. All others count as one.</remarks>
internal struct UsagePlaces
{
    private HashSet<(UsageNetwork Network, CountryCode Country)>? _more;
    private UsageNetwork _network;
    private int _hour;
    private CountryCode _country;

    /// <summary>Gets the kind that a use counts under: its own, or one with less of its place.</summary>
    public UsageKind Keep(in UsageKind kind, int max)
    {
        if (!kind.Network.IsOne && !kind.Country.IsKnown)
        {
            return kind;
        }

        if (_hour != kind.Hour)
        {
            (_more, _network, _country, _hour) = (null, kind.Network, kind.Country, kind.Hour);
        }

        if (IsKept(kind.Network, kind.Country, max))
        {
            return kind;
        }

        return kind.Country.IsKnown && !IsKept(UsageNetwork.Other, kind.Country, 2 * max)
            ? kind with { Network = UsageNetwork.Other, Country = CountryCode.None }
            : kind with { Network = UsageNetwork.Other };
    }

    // The first needs no set. There is room for one at least, else no network would be kept.
    private bool IsKept(UsageNetwork network, CountryCode country, int max) =>
        (network == _network && country == _country)
        || _more?.Contains((network, country)) == true
        || ((_more?.Count ?? 0) + 1 < max && (_more ??= []).Add((network, country)));
}
