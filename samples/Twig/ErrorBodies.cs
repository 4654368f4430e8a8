using ApiKeyAuth.Http;
using Microsoft.AspNetCore.WebUtilities;
using Samples;

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

    /// <summary>Writes the error of a response without a body, such as for an unknown path.</summary>
    public static Task WriteAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var code = JsonBodies.IsMalformed(context)
            ? ApiKeyErrorCodes.InvalidRequest
            : ReasonPhrases.GetReasonPhrase(status).ToLowerInvariant().Replace(' ', '_');
        return WriteAsync(context, status, code, JsonBodies.GetError(context));
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
