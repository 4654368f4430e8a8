using System.Net;
using System.Net.Sockets;

namespace ApiKeyAuth.TestSupport;

/// <summary>Finds free ports of the loopback address.</summary>
public static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
