using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ApiKeyAuth.TestSupport;

/// <summary>Finds free ports of the loopback address, and returns each of them once.</summary>
public static class FreePort
{
    // Systems take the ports of outgoing connections from 32768 on. One of those could be in use by the time that a server binds to it.
    private const int First = 15_000;
    private const int Count = 17_000;

    private static readonly int Start = RandomNumberGenerator.GetInt32(Count);
    private static int _found;

    public static int Find()
    {
        while (true)
        {
            var port = First + ((Start + Interlocked.Increment(ref _found)) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another process uses it.
            }
        }
    }
}
