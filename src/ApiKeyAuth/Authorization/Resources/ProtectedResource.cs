using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authorization.Resources;

/// <summary>Represents a protected resource: a path below which all endpoints share their metadata.</summary>
internal sealed class ProtectedResource(PathString path, ProtectedResourceOptions options)
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    /// <summary>Gets the path, which is empty for the whole app.</summary>
    public PathString Path => path;

    public ProtectedResourceOptions Options => options;

    /// <summary>Gets the path of the metadata: the path of the resource follows the well-known one (RFC 9728 §3.1).</summary>
    public string MetadataPath => WellKnown + path.Value;

    public string GetUrl(HttpRequest request) => GetBaseUrl(request) + path.ToUriComponent();

    public string GetMetadataUrl(HttpRequest request) => GetBaseUrl(request) + WellKnown + path.ToUriComponent();

    /// <summary>Gets the scopes: those of the options, or all of the catalog.</summary>
    public IEnumerable<string> GetScopes(ScopeCatalog catalog) =>
        options.Scopes.Count > 0 ? options.Scopes : catalog.Definitions.Select(definition => definition.Name);

    private string GetBaseUrl(HttpRequest request) =>
        options.BaseUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase.ToUriComponent()}";
}
