using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>Provides the context of a request before a scheme reads it. The app can read the key from another source.</summary>
/// <remarks>
/// A key that the app supplies counts as a source. If one of the scheme's own sources also contains a key, the response is 400
/// <c>invalid_request</c>. The app can read any part of the request. Therefore, responses to requests with such a key contain
/// <c>Cache-Control: no-store</c>, and all requests to an app that handles this event bypass response caching and output caching. Browsers
/// send cookies with cross-site requests too. An app that reads keys from cookies must protect its endpoints against cross-site request
/// forgery.
/// </remarks>
public sealed class ApiKeyMessageReceivedContext : BaseContext<ApiKeySchemeOptions>
{
    internal ApiKeyMessageReceivedContext(HttpContext context, AuthenticationScheme scheme, ApiKeySchemeOptions options)
        : base(context, scheme, options)
    {
    }

    /// <summary>Gets or sets the key that the app read. The default is null. Null and white space mean that the app found no key.</summary>
    public string? Secret { get; set; }

    /// <summary>Gets a value indicating whether the scheme ignores the request.</summary>
    internal bool IsIgnored { get; private set; }

    /// <summary>Makes the scheme ignore the request. It does not read its sources, and the caller is anonymous.</summary>
    public void NoResult() => IsIgnored = true;
}
