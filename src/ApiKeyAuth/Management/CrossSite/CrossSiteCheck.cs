using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Operations;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Management.CrossSite;

/// <summary>Protects the management endpoints from requests that another site makes a signed-in user's browser send.</summary>
/// <remarks>
/// <c>Sec-Fetch-Site</c> (W3C Fetch Metadata) is set by the browser and cannot be set by a page. A request without it needs an antiforgery
/// token. Keys and tokens in a header need neither, because a browser does not send them automatically (OWASP ASVS 5.0, 3.5.1).
/// </remarks>
internal sealed class CrossSiteCheck(CookieAuthenticationDetector cookieDetector)
{
    private const string FetchSiteHeader = "Sec-Fetch-Site";
    private const string SameOrigin = "same-origin";

    private static readonly ApiKeyError TokenRequired = Problems.Forbidden(
        "A caller who is signed in with a cookie needs a valid antiforgery token or the header Sec-Fetch-Site: same-origin, "
        + "which browsers send over HTTPS");

    /// <summary>Returns a problem if a request must be rejected.</summary>
    public async Task<ApiKeyError?> FindProblemAsync(HttpContext context, ApiKeyCaller caller)
    {
        var isSafe = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return isSafe || caller.KeyId is not null || IsSameOrigin(context.Request)
            || !await cookieDetector.MayBeCookieAuthenticatedAsync(context) || await HasAntiforgeryTokenAsync(context)
            ? null
            : TokenRequired;
    }

    private static bool IsSameOrigin(HttpRequest request) => request.Headers[FetchSiteHeader] is [SameOrigin];

    private static async Task<bool> HasAntiforgeryTokenAsync(HttpContext context)
    {
        try
        {
            return context.RequestServices.GetService<IAntiforgery>() is { } antiforgery && await antiforgery.IsRequestValidAsync(context);
        }
        catch (AntiforgeryValidationException)
        {
            return false;
        }
    }
}
