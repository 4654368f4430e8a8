using ApiKeyAuth.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Twig;

/// <summary>Writes errors in the documented format, with the documented messages.</summary>
internal static class ErrorBodies
{
    public static Task WriteAsync(HttpContext context, ApiKeyError error)
    {
        var code = Code(error);
        return WriteAsync(context, error.StatusCode, code, code switch
        {
            ApiKeyErrorCodes.InvalidApiKey => "The API key provided is invalid",
            ApiKeyErrorCodes.MissingApiKey => "No API key was provided",
            ApiKeyErrorCodes.ExpiredApiKey => $"API key expired on {error.ExpiredAt}",
            ApiKeyErrorCodes.InsufficientScope => $"API key lacks required scope: {string.Join(", ", error.MissingScopes)}",
            _ => error.Message,
        });
    }

    /// <summary>Writes the reason phrase of the status if the response has no body, such as for an unknown path.</summary>
    public static Task WriteAsync(HttpContext context)
    {
        var phrase = ReasonPhrases.GetReasonPhrase(context.Response.StatusCode);
        return WriteAsync(context, context.Response.StatusCode, phrase.ToLowerInvariant().Replace(' ', '_'), phrase);
    }

    /// <summary>The documentation has the same codes for keys and tokens.</summary>
    private static string Code(ApiKeyError error) => error.Code switch
    {
        ApiKeyErrorCodes.InvalidToken => ApiKeyErrorCodes.InvalidApiKey,
        ApiKeyErrorCodes.MissingCredentials => ApiKeyErrorCodes.MissingApiKey,
        var code => code,
    };

    private static Task WriteAsync(HttpContext context, int status, string code, string message) =>
        context.Response.WriteAsJsonAsync(new { error = new { code, message }, status });
}
