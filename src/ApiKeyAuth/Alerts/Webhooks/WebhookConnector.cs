using System.Net;
using System.Net.Sockets;

namespace ApiKeyAuth.Alerts.Webhooks;

/// <summary>Connects to the host of a webhook. It resolves the name, and connects only if all addresses of the name are allowed.</summary>
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
            // Connects to the validated addresses and not to the name, which may resolve to another address later.
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The exception that is thrown if a host resolves to an address that is not allowed.</summary>
    internal sealed class ForbiddenAddressException() : Exception("The host resolves to an address that is not allowed.");
}
