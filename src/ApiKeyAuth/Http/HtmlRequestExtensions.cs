using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Http;

/// <summary>Recognizes requests for a page, which a browser can be sent to sign in for.</summary>
internal static class HtmlRequestExtensions
{
    /// <summary>Returns whether the request names <c>text/html</c> among what it accepts; <c>*/*</c> alone is what programs send.</summary>
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
