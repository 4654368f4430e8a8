using System.Net;

namespace AiGateway;

/// <summary>Represents the configured gateways and their owners.</summary>
internal sealed class Gateways(IConfiguration configuration)
{
    /// <summary>The gateway of requests to localhost.</summary>
    public const string Demo = "user-123456-demo-gateway";

    private readonly Dictionary<string, string?> _owners = configuration.GetSection("Gateways").GetChildren()
        .ToDictionary(gateway => gateway.Key, gateway => gateway.Value, StringComparer.Ordinal);

    /// <summary>Gets the gateway of a request, which is the first label of the host. The audience of a token is its gateway.</summary>
    public static string Of(HttpContext context)
    {
        var host = context.Request.Host.Host;
        var isHere = host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        return isHere ? Demo : host.Split('.')[0].ToLowerInvariant();
    }

    /// <summary>Gets the user who owns a gateway, or <see langword="null"/> if the gateway does not exist.</summary>
    public string? OwnerOf(string gateway) => _owners.GetValueOrDefault(gateway);
}
