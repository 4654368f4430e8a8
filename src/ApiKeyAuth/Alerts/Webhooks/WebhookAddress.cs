using System.Net;
using System.Text;

namespace ApiKeyAuth.Alerts.Webhooks;

/// <summary>
/// Validates the URLs of webhooks. The addresses of a host name are validated when it is connected to; see <see cref="WebhookConnector"/>.
/// </summary>
internal static class WebhookAddress
{
    private const string InternalAddressProblem =
        "is an address of this machine or of a private, link-local or reserved network; set UnsafeAllowNetworks to allow it.";

    /// <summary>Describes what is wrong with a URL, or returns <see langword="null"/>.</summary>
    public static string? FindProblem(string? url, bool allowHttp, IEnumerable<IPNetwork> allowedNetworks)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return "is missing or not an absolute URL; write https://host/path.";
        }

        if (uri.Scheme != Uri.UriSchemeHttps && !(allowHttp && uri.Scheme == Uri.UriSchemeHttp))
        {
            return uri.Scheme == Uri.UriSchemeHttp
                ? "is not https; set UnsafeAllowHttp to allow plain HTTP."
                : "is not https; write https://host/path.";
        }

        if (uri.UserInfo.Length > 0)
        {
            return "contains a user or a password; write it without, because requests are signed.";
        }

        if (uri.Fragment.Length > 0)
        {
            return "contains a fragment, which is not sent; write it without.";
        }

        // Some of them, such as ①②⑦．⓪, resolve like the digits and dots that they resemble.
        if (!Ascii.IsValid(uri.Host))
        {
            return "has a host with non-ASCII characters; write it in its DNS form, xn--…";
        }

        var host = uri.Host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
        if (!IPAddress.TryParse(host, out var address))
        {
            if (host is not "localhost" && !host.EndsWith(".localhost", StringComparison.Ordinal))
            {
                return null;
            }

            address = IPAddress.Loopback;
        }

        return IsAllowed(address, allowedNetworks) ? null : InternalAddressProblem;
    }

    /// <summary>Determines whether the address is allowed: it is public, or in an allowed network.</summary>
    public static bool IsAllowed(IPAddress address, IEnumerable<IPNetwork> allowedNetworks)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return PublicAddresses.Contains(plain) || allowedNetworks.Any(network => network.Contains(plain));
    }
}
