using System.Net;

namespace ApiKeyAuth.Usage.Countries;

/// <summary>Tells the country of a network. Register one as a singleton to have countries in the history; the package ApiKeyAuth.MaxMind brings one.</summary>
/// <remarks>What a CDN says by <see cref="ApiKeyUsageOptions.CountryHeader"/> goes before it. It is asked when usage is flushed, never while a request waits, and for a truncated network, never for an address.</remarks>
public interface IGeoResolver
{
    /// <summary>Finds the country of an IPv4 /24 or an IPv6 /48.</summary>
    /// <returns>Two letters (ISO 3166-1), or null where it is not known.</returns>
    string? FindCountry(IPNetwork network);
}
