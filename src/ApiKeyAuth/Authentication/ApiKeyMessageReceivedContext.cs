using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>Provides the request to an app that reads keys from another place than the sources of a scheme.</summary>
/// <remarks>
/// A key that the app supplies is one more source: if one of the scheme's own sources holds a key too, the response is 400
/// <c>invalid_request</c>. Because the app may read any part of the request, responses to requests with such a key carry
/// <c>Cache-Control: no-store</c>, and requests to an app with this event bypass response caching and output caching. A browser sends a
/// cookie with requests of other sites too: an app that reads keys from cookies has to protect its endpoints against them.
/// </remarks>
public sealed class ApiKeyMessageReceivedContext : BaseContext<ApiKeySchemeOptions>
{
    internal ApiKeyMessageReceivedContext(HttpContext context, AuthenticationScheme scheme, ApiKeySchemeOptions options)
        : base(context, scheme, options)
    {
    }

    /// <summary>Gets or sets the key that the app read. The default is null, for none. A blank value is none too.</summary>
    public string? Secret { get; set; }

    /// <summary>Gets a value indicating whether the scheme ignores the request.</summary>
    internal bool IsIgnored { get; private set; }

    /// <summary>Makes the scheme ignore the request: it reads none of its sources, and the caller is anonymous.</summary>
    public void NoResult() => IsIgnored = true;
}
