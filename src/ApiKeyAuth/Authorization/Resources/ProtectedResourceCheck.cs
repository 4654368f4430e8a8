using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authorization.Resources;

/// <summary>Finds problems of protected resources at startup.</summary>
internal static class ProtectedResourceCheck
{
    /// <summary>Finds scopes that the catalog does not define, and URLs that are not absolute.</summary>
    public static IEnumerable<string> FindProblems(IReadOnlyList<Endpoint> endpoints, ScopeCatalog catalog) =>
        endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<ProtectedResource>()).OfType<ProtectedResource>()
            .SelectMany(resource => FindProblems(resource.Options, catalog)
                .Select(problem => $"MapProtectedResource(\"{(resource.Path.HasValue ? resource.Path.Value : "/")}\") {problem}"));

    private static IEnumerable<string> FindProblems(ProtectedResourceOptions options, ScopeCatalog catalog) =>
    [
        .. options.Scopes.Where(scope => !catalog.Contains(scope))
            .Select(scope => $"has the scope {scope}, which the catalog does not define; declare it under Scopes or correct it."),
        .. options.BaseUrl is { } url && !IsUrl(url, allowsHttp: true)
            ? new[] { "has a BaseUrl that is not an absolute URL without a query; write one such as https://api.example.com." }
            : [],
        .. options.DocumentationUrl is { } page && !Uri.IsWellFormedUriString(page, UriKind.Absolute)
            ? new[] { "has a DocumentationUrl that is not an absolute URL." }
            : [],
        .. options.AuthorizationServers.Any(server => !IsUrl(server, allowsHttp: false))
            ? new[] { "has an authorization server that is not an https URL without a query (RFC 8414 §2)." }
            : [],
    ];

    private static bool IsUrl(string text, bool allowsHttp) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && (allowsHttp || url.IsLoopback)))
        && url.Query.Length == 0
        && url.Fragment.Length == 0
        && !text.Contains('"', StringComparison.Ordinal);
}
