namespace ApiKeyAuth.Authorization.Resources;

/// <summary>Provides options for the metadata of a protected resource (RFC 9728), such as an MCP server.</summary>
public sealed class ProtectedResourceOptions
{
    /// <summary>
    /// Gets or sets the address of the app without the path of the resource, such as <c>https://api.example.com</c>. The default is null:
    /// the scheme, host and path base of the request.
    /// </summary>
    /// <remarks>Set it if a proxy does not forward the host, or if any host name is accepted (<c>AllowedHosts</c>).</remarks>
    public string? BaseUrl { get; set; }

    /// <summary>Gets or sets the name of the resource for people. The default is null.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// Gets or sets the URL of a page for developers, such as one that describes where keys come from. The default is null.
    /// </summary>
    public string? DocumentationUrl { get; set; }

    /// <summary>
    /// Gets the scopes of the resource, all of which the catalog must define. The default is an empty list: all scopes of the catalog.
    /// </summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>
    /// Gets the issuers of access tokens that the resource accepts in addition to API keys. The default is an empty list: clients need an
    /// API key.
    /// </summary>
    public IList<string> AuthorizationServers { get; } = [];
}
