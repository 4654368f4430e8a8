using System.Net;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Usage.Countries;

/// <summary>The countries that a CDN names in a header: believed from its own addresses alone, and for that request alone.</summary>
internal sealed class HeaderGeoResolver(ApiKeyUsageOptions options)
{
    public bool IsEnabled => options.CountryHeader is not null;

    /// <summary>Reads the header of a request that came straight from the CDN. It must run before forwarded headers put the caller's address in the place of the CDN's.</summary>
    public void ReadHeader(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is { } peer && IsTrustedProxy(peer)
            && context.Request.Headers[options.CountryHeader!] is [var text]
            && CountryCode.Parse(text) is { IsKnown: true } country)
        {
            context.Features.Set(new CountryFeature(country));
        }
    }

    /// <summary>Gets the country that was read for a request.</summary>
    public CountryCode GetCountry(HttpContext context) =>
        IsEnabled && context.Features.Get<CountryFeature>() is { } told ? told.Country : CountryCode.None;

    private bool IsTrustedProxy(IPAddress peer)
    {
        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return options.CountryProxies.Any(network => network.Contains(address));
    }

    private sealed record CountryFeature(CountryCode Country);
}
