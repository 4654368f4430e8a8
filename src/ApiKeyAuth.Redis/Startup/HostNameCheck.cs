using System.Net;
using System.Net.Sockets;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Redis.Startup;

/// <summary>Logs a warning at startup for a host name that does not resolve: a typo would look like an endless outage.</summary>
/// <remarks>It does not stop the app, because on a container platform the name may become available after the app has started.</remarks>
internal sealed class HostNameCheck(RedisConnection connection, TimeProvider time, ILogger<HostNameCheck> logger)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Resolves all host names.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var resolved = await Task.WhenAll(connection.EndPoints.Select(endPoint => ResolvesAsync(endPoint, cancellationToken)));
        for (var index = 0; index < resolved.Length; index++)
        {
            if (!resolved[index])
            {
                // Logged by position: in a wrong connection string, a part of the password may be read as a host name.
                RedisLog.HostNotResolved(logger, index + 1, resolved.Length, connection.Method);
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
