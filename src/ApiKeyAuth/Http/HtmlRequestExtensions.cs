using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Http;

/// <summary>Provides an extension method that detects requests for HTML pages, which may be redirected to a sign-in page.</summary>
internal static class HtmlRequestExtensions
{
    /// <summary>
    /// Determines whether the <c>Accept</c> header names <c>text/html</c>. <c>*/*</c> does not count because API clients send it.
    /// </summary>
    public static bool AcceptsHtml(this HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return false;
        }

        foreach (var type in accepted)
        {
            if (type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0)
            {
                return true;
            }
        }

        return false;
    }
}
