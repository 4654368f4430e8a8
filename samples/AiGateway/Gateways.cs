using System.Net;

namespace AiGateway;

/// <summary>The gateways of the configuration, and the user each belongs to.</summary>
internal sealed class Gateways(IConfiguration configuration)
{
    /// <summary>The one that a request to this machine is for.</summary>
    public const string Demo = "user-123456-demo-gateway";

    private readonly Dictionary<string, string?> _owners =
        configuration.GetSection("Gateways").GetChildren().ToDictionary(gateway => gateway.Key, gateway => gateway.Value, StringComparer.Ordinal);

    /// <summary>The gateway a request is for, by the first label of its host; a token is bound to one by its audience.</summary>
    public static string Of(HttpContext context)
    {
        var host = context.Request.Host.Host;
        var isHere = host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        return isHere ? Demo : host.Split('.')[0].ToLowerInvariant();
    }

    /// <summary>The user a gateway belongs to, or null where there is no such gateway.</summary>
    public string? OwnerOf(string gateway) => _owners.GetValueOrDefault(gateway);
}
