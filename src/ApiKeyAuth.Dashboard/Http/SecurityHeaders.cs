using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Dashboard.Http;

/// <summary>Sets the headers that protect the pages in the browser.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Sets the headers when the response starts, because antiforgery and other middleware set some of them too.</summary>
    /// <remarks>
    /// The referrer policy must not be <c>no-referrer</c>: the browser would then post forms with <c>Origin: null</c> (Fetch §3.2).
    /// </remarks>
    public static void Apply(HttpContext context, string language) => context.Response.OnStarting(() =>
    {
        var headers = context.Response.Headers;
        Protect(headers);
        headers.ContentSecurityPolicy = Policy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers.CacheControl = "no-store";
        headers.Remove("Pragma");
        headers.ContentLanguage = language;
        headers.AppendCommaSeparatedValues("Vary", "Accept-Language");
        return Task.CompletedTask;
    });

    /// <summary>Sets the headers of an asset, whose name changes with its content.</summary>
    public static void ApplyToAsset(HttpContext context)
    {
        Protect(context.Response.Headers);
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
    }

    private static void Protect(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
