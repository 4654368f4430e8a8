using System.Net;

namespace ApiKeyAuth.Alerts;

/// <summary>Represents a webhook that alerts are sent to, signed as specified by Standard Webhooks (standardwebhooks.com).</summary>
public sealed class ApiKeyWebhookOptions
{
    /// <summary>
    /// Gets or sets the name, 1 to 64 characters of <c>A-Z a-z 0-9 . _ -</c>. Pending deliveries are stored by the name and the URL.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Gets or sets the URL, which must use <c>https</c> and contain no user or password.</summary>
    public required string Url { get; set; }

    /// <summary>Gets the signing secrets, 1 to 4, each <c>whsec_</c> and 24 to 64 random bytes as base64.</summary>
    /// <remarks>
    /// To rotate, insert the new secret before the old one, and remove the old one when the receiver knows the new one. Each secret signs.
    /// </remarks>
    public IList<string> Secrets { get; } = [];

    /// <summary>
    /// Gets or sets the tenant whose alerts are sent, or <see langword="null"/> for all. The default is <see langword="null"/>.
    /// </summary>
    public string? TenantId { get; set; }

    /// <summary>Gets the kinds of <see cref="ApiKeyAlertKinds"/> that are sent. If it is empty, all kinds are sent.</summary>
    public IList<string> Kinds { get; } = [];

    /// <summary>
    /// Gets or sets a value indicating whether plain HTTP is allowed, with which others on the network can read the alerts. The default is
    /// <see langword="false"/>.
    /// </summary>
    public bool UnsafeAllowHttp { get; set; }

    /// <summary>
    /// Gets the networks of this machine, the internal network or the cloud's services that the webhook may have an address in. The default
    /// is empty.
    /// </summary>
    /// <remarks>A user who can choose the URL can make the app call these addresses. Name single addresses if possible.</remarks>
    public IList<IPNetwork> UnsafeAllowNetworks { get; } = [];
}
