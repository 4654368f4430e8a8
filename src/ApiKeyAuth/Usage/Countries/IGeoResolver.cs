using System.Net;

namespace ApiKeyAuth.Usage.Countries;

/// <summary>
/// Defines a resolver of the country of a network. Register a singleton to record countries in the usage history. The package
/// ApiKeyAuth.MaxMind has an implementation.
/// </summary>
/// <remarks>
/// A country in the header of <see cref="ApiKeyUsageOptions.CountryHeader"/> takes precedence. The resolver is called when usage is
/// flushed, not while a request waits, and with a truncated network, not with an address.
/// </remarks>
public interface IGeoResolver
{
    /// <summary>Finds the country of an IPv4 /24 or an IPv6 /48.</summary>
    /// <returns>The two-letter country code (ISO 3166-1), or <see langword="null"/> if the country is unknown.</returns>
    string? FindCountry(IPNetwork network);
}
