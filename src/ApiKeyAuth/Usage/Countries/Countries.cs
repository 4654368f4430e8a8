using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage;

/// <summary>Puts networks and countries into what goes to the store; a resolver that fails costs the countries and no more.</summary>
internal sealed class Countries(HeaderCountries header, IGeoResolver? resolver, ILogger<Countries> logger)
{
    private const int CodeLength = 2;

    /// <summary>Names each use's network and country; uses that are alike but for the hash's instance stay apart.</summary>
    public List<ApiKeyUse> Name(List<FrozenUse> uses)
    {
        var known = new Dictionary<UsageNetwork, (string Network, string Country)>();
        var named = new List<ApiKeyUse>(uses.Count);
        foreach (var (use, network) in uses)
        {
            if (!known.TryGetValue(network, out var place))
            {
                known.Add(network, place = (network.ToString(), CountryOf(network)));
            }

            named.Add(use with { Network = place.Network, Country = place.Country });
        }

        return named;
    }

    private string CountryOf(UsageNetwork network)
    {
        if (header.Find(network) is { } told)
        {
            return told;
        }

        if (resolver is null || network.ToNetwork() is not { } known)
        {
            return "";
        }

        try
        {
            return resolver.FindCountry(known) is { Length: CodeLength } code && code.All(char.IsAsciiLetter) ? code.ToUpperInvariant() : "";
        }
        catch (Exception exception)
        {
            Log.CountryUnknown(logger, exception.GetType().Name);
            return "";
        }
    }
}
