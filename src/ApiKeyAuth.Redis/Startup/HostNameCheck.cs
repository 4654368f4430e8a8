using System.Net;
using System.Net.Sockets;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Warns at start about a host name that does not resolve: a typing error looks like an outage that never ends.</summary>
/// <remarks>It does not stop the app, because in a container platform the name of a server may appear after the app has started.</remarks>
internal sealed class HostNameCheck(RedisConnectionFactory connectionFactory, TimeProvider time, ILogger<HostNameCheck> logger)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Looks all names up.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var areKnown = await Task.WhenAll(connectionFactory.EndPoints.Select(endPoint => ResolvesAsync(endPoint, cancellationToken)));
        for (var index = 0; index < areKnown.Length; index++)
        {
            if (!areKnown[index])
            {
                // By its position: a connection string that was misread may have a part of the password in the place of a host.
                RedisLog.HostNotResolved(logger, index + 1, areKnown.Length);
            }
        }
    }

    private async Task<bool> ResolvesAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        if (endPoint is not DnsEndPoint name)
        {
            return true;
        }

        try
        {
            return (await Dns.GetHostAddressesAsync(name.Host, cancellationToken).WaitAsync(Timeout, time, cancellationToken)).Length > 0;
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException or ArgumentException)
        {
            return false;
        }
    }
}
