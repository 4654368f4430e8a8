using System.Net;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Usage.Countries;

/// <summary>
/// Reads countries from the header of a CDN. The header is trusted only from the CDN's addresses, and only for that request.
/// </summary>
internal sealed class HeaderGeoResolver(ApiKeyUsageOptions options)
{
    public bool IsEnabled => options.CountryHeader is not null;

    /// <summary>
    /// Reads the header of a request that comes directly from the CDN. It must run before forwarded headers replace the CDN's address with
    /// the caller's.
    /// </summary>
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
        IsEnabled && context.Features.Get<CountryFeature>() is { } feature ? feature.Country : CountryCode.None;

    private bool IsTrustedProxy(IPAddress peer)
    {
        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return options.CountryProxies.Any(network => network.Contains(address));
    }

    private sealed record CountryFeature(CountryCode Country);
}
