using System.Net;
using System.Net.Sockets;

namespace ApiKeyAuth.Alerts.Webhooks;

/// <summary>Determines whether addresses are public, by the IANA special-purpose address registries (RFC 6890).</summary>
internal static class PublicAddresses
{
    private const int Nat64IPv4Offset = 12;

    private static readonly IPNetwork[] SpecialPurpose =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/3",

            // Protocol assignments (including Teredo), documentation, and 6to4, which contains an IPv4 address.
            "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    // Azure's wire server provides internal data to virtual machines.
    private static readonly IPAddress AzureWireServer = IPAddress.Parse("168.63.129.16");

    public static bool Contains(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && Nat64.Contains(address))
        {
            return Contains(new IPAddress(address.GetAddressBytes().AsSpan(Nat64IPv4Offset)));
        }

        return (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address))
            && !address.Equals(AzureWireServer)
            && !Array.Exists(SpecialPurpose, network => network.Contains(address));
    }
}
