using System.Net;
using System.Net.Sockets;

namespace ApiKeyAuth.Alerts.Webhooks;

/// <summary>Connects to a webhook's host: its name is resolved here, and where any address of it is not allowed, none is connected to.</summary>
internal sealed class WebhookConnector(IReadOnlyList<IPNetwork> allowedNetworks, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await resolve(context.DnsEndPoint.Host, cancellationToken);
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, address => WebhookAddress.IsAllowed(address, allowedNetworks)))
        {
            throw new ForbiddenAddressException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The addresses that were looked at, not the name, which may resolve elsewhere a moment later.
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Says that a host resolves to an address that is not allowed.</summary>
    internal sealed class ForbiddenAddressException() : Exception("The host resolves to an address that is not allowed.");
}
