using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ApiKeyAuth.Configuration;

/// <summary>
/// Parses networks strictly. The framework reads <c>10</c> as 0.0.0.10 and <c>010.0.0.1</c> as 8.0.0.1, and clears bits after the prefix.
/// </summary>
internal static class Networks
{
    /// <summary>Parses <c>203.0.113.0/24</c>, <c>2001:db8::/48</c> or a single address. Returns null for any other text.</summary>
    public static IPNetwork? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var addressText = slash < 0 ? text : text[..slash];
        if (!IPAddress.TryParse(addressText, out var address) || !IsCanonical(address, addressText))
        {
            return null;
        }

        // Addresses of callers are compared as IPv4. A mapped IPv4 address is therefore converted, and a network of mapped addresses is
        // rejected.
        var bits = address.GetAddressBytes().Length * 8;
        if (slash < 0)
        {
            return address.IsIPv4MappedToIPv6 ? new IPNetwork(address.MapToIPv4(), 32) : new IPNetwork(address, bits);
        }

        return !address.IsIPv4MappedToIPv6
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length <= bits
            && new IPNetwork(address, length) is var network
            && network.BaseAddress.Equals(address)
            ? network
            : null;
    }

    /// <summary>Parses a single address. Returns null for any other text.</summary>
    public static IPAddress? ParseAddress(string text) =>
        text.Contains('/', StringComparison.Ordinal) ? null : Parse(text)?.BaseAddress;

    /// <summary>Determines whether a text is an IPv4 address in four decimal parts, or an IPv6 address without a zone.</summary>
    private static bool IsCanonical(IPAddress address, string text) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? address.ToString() == text
            : !text.Contains('%', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal);
}
