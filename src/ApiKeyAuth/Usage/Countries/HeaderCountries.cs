using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Usage;

/// <summary>The countries that a CDN tells in a header: believed of its own addresses alone, and remembered for a caller's network until the flush.</summary>
internal sealed class HeaderCountries(ApiKeyUsageOptions options)
{
    private const int MostNetworks = 100_000;
    private const int CodeLength = 2;

    // How Cloudflare and others write that they do not know.
    private const string Unknown = "XX";

    private readonly ConcurrentDictionary<UsageNetwork, string> _known = new();

    public bool IsOn => options.CountryHeader is not null;

    /// <summary>Reads the header of a request that came straight from the CDN. It must run before forwarded headers put the caller's address in the place of the CDN's.</summary>
    public void Read(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is { } peer && IsProxy(peer)
            && context.Request.Headers[options.CountryHeader!] is [{ Length: CodeLength } code] && code.All(char.IsAsciiLetter)
            && code.ToUpperInvariant() is not Unknown and var country)
        {
            context.Features.Set(new Told(country));
        }
    }

    /// <summary>Remembers what a request was told, for the network that its uses are counted under.</summary>
    public void Note(HttpContext context)
    {
        if (context.Features.Get<Told>() is not { } told || UsageNetwork.Of(context.Connection.RemoteIpAddress) is not { IsOne: true } network
            || (_known.TryGetValue(network, out var known) && known == told.Country))
        {
            return;
        }

        if (_known.Count >= MostNetworks)
        {
            // Those in use are told again by their next request.
            _known.Clear();
        }

        _known[network] = told.Country;
    }

    public string? Find(UsageNetwork network) => _known.GetValueOrDefault(network);

    private bool IsProxy(IPAddress peer)
    {
        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return options.CountryProxies.Any(network => network.Contains(address));
    }

    private sealed record Told(string Country);
}
