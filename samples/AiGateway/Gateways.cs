using System.Net;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;

namespace AiGateway;

/// <summary>Represents the configured gateways and their owners.</summary>
internal sealed class Gateways(IConfiguration configuration)
{
    /// <summary>The gateway of requests to this machine in Development.</summary>
    public const string Demo = "user-123456-demo-gateway";

    private readonly Dictionary<string, string?> _owners = configuration.GetSection("Gateways").GetChildren()
        .ToDictionary(gateway => gateway.Key.ToLowerInvariant(), gateway => gateway.Value, StringComparer.Ordinal);

    /// <summary>Gets the gateway of a request, which is the first label of the host. The audience of a token is its gateway.</summary>
    public static string Of(HttpContext context)
    {
        var host = context.Request.Host.Host;
        var isDemo = IsThisMachine(host) && context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment();
        return isDemo ? Demo : host.Split('.')[0].ToLowerInvariant();
    }

    /// <summary>Gets the gateways of an owner.</summary>
    public IEnumerable<string> OwnedBy(string? owner) =>
        _owners.Where(gateway => gateway.Value is not null && gateway.Value == owner).Select(gateway => gateway.Key).Order();

    /// <summary>Limits an owner to the tokens of a gateway, or returns <see langword="null"/> if the owner has no such gateway.</summary>
    public ApiKeyCaller? LimitToGateway(ApiKeyCaller caller, string gateway) =>
        OwnedBy(caller.TenantId).Contains(gateway)
            ? caller.WithGrantable(ScopeSet.Create(["chat"])).ToKeysOf(gateway).WithAudience(gateway)
            : null;

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
