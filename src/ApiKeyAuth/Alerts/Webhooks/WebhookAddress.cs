using System.Net;
using System.Text;

namespace ApiKeyAuth.Alerts.Webhooks;

/// <summary>Which addresses webhooks may have. A name is only known to be right when it is connected to; see <see cref="WebhookConnector"/>.</summary>
internal static class WebhookAddress
{
    private const string InternalAddressProblem = "is an address of this machine or of a private, link-local or reserved network; set UnsafeAllowNetworks to it if it is meant.";

    /// <summary>Finds what is wrong with an address, or null.</summary>
    public static string? FindProblem(string? url, bool allowHttp, IEnumerable<IPNetwork> allowedNetworks)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return "is missing or no absolute address; write https://host/path.";
        }

        if (uri.Scheme != Uri.UriSchemeHttps && !(allowHttp && uri.Scheme == Uri.UriSchemeHttp))
        {
            return uri.Scheme == Uri.UriSchemeHttp ? "is not https; set UnsafeAllowHttp if plain HTTP is meant." : "is not https; write https://host/path.";
        }

        if (uri.UserInfo.Length > 0)
        {
            return "holds a user or a password; write it without, the signature is enough.";
        }

        if (uri.Fragment.Length > 0)
        {
            return "holds a fragment, which is never sent; write it without.";
        }

        // Some of them, such as ①②⑦．⓪, are resolved as the digits and dots they look like.
        if (!Ascii.IsValid(uri.Host))
        {
            return "has a host beyond ASCII; write it as DNS has it, xn--…";
        }

        var host = uri.Host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
        return IPAddress.TryParse(host, out var address)
            ? IsAllowed(address, allowedNetworks) ? null : InternalAddressProblem
            : (host is "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal)) && !IsAllowed(IPAddress.Loopback, allowedNetworks) ? InternalAddressProblem : null;
    }

    /// <summary>Whether an address may be connected to: a public one, or one that is named.</summary>
    public static bool IsAllowed(IPAddress address, IEnumerable<IPNetwork> allowedNetworks)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return PublicAddresses.Contains(plain) || allowedNetworks.Any(network => network.Contains(plain));
    }
}
