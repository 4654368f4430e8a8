using System.Net;

namespace ApiKeyAuth.Alerts;

/// <summary>An address that alerts are sent to, signed as the Standard Webhooks specification says (standardwebhooks.com).</summary>
public sealed class ApiKeyWebhookOptions
{
    /// <summary>Its name, 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>; what is still to be sent is kept under the name and the address.</summary>
    public required string Name { get; init; }

    /// <summary>The address: <c>https</c>, and no user or password in it.</summary>
    public required string Url { get; set; }

    /// <summary>The secrets it is signed with, <c>whsec_</c> and 24 to 64 random bytes as base64; 1 to 4 of them.</summary>
    /// <remarks>For a rotation put the new one before the old one, and take the old one away once the receiver knows the new one: each signs.</remarks>
    public IList<string> Secrets { get; } = [];

    /// <summary>The tenant whose keys it is told of, or null for all.</summary>
    public string? TenantId { get; set; }

    /// <summary>The kinds of <see cref="ApiKeyAlertKinds"/> it is told of; empty for all.</summary>
    public IList<string> Kinds { get; } = [];

    /// <summary>Lets it be reached by plain HTTP, where anybody on the way reads the alerts.</summary>
    public bool UnsafeAllowHttp { get; set; }

    /// <summary>The networks of this machine, of the app's own network or of the cloud's services that it may be in; none by default.</summary>
    /// <remarks>Whoever chooses the address can then have this app call what is there. Name single addresses where that will do.</remarks>
    public IList<IPNetwork> UnsafeAllowNetworks { get; } = [];
}
