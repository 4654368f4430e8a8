using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Dashboard.Http;

/// <summary>Detects forms that another site makes the browser of a signed-in user post.</summary>
internal static class CrossSitePosts
{
    /// <summary>Determines whether a form was posted by a page of the dashboard.</summary>
    /// <remarks>
    /// The antiforgery token is always required. <c>Sec-Fetch-Site</c> and an opaque origin reject a request earlier, also if the token
    /// leaked. The app does not have to call <c>UseAntiforgery()</c>.
    /// </remarks>
    public static async Task<bool> IsOwnAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (!context.Request.HasFormContentType
            || headers["Sec-Fetch-Site"].Any(site => site is not ("same-origin" or "none"))
            || headers.Origin.Any(origin => origin is "null"))
        {
            return false;
        }

        try
        {
            return await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context);
        }
        catch (Exception exception) when (exception is AntiforgeryValidationException or InvalidDataException)
        {
            return false;
        }
    }
}
