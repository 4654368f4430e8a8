using ApiKeyAuth.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Twig;

/// <summary>The one shape of a refusal, with the page's words where it has them.</summary>
internal static class ErrorBodies
{
    public static Task WriteAsync(HttpContext context, ApiKeyError refusal) => WriteAsync(context, refusal.StatusCode, Code(refusal), Code(refusal) switch
    {
        ApiKeyErrorCodes.InvalidApiKey => "The API key provided is invalid",
        ApiKeyErrorCodes.MissingApiKey => "No API key was provided",
        ApiKeyErrorCodes.ExpiredApiKey => $"API key expired on {refusal.ExpiredAt}",
        ApiKeyErrorCodes.InsufficientScope => $"API key lacks required scope: {string.Join(", ", refusal.MissingScopes)}",
        _ => refusal.Message,
    });

    /// <summary>Gives an answer without a body, such as that of an unknown path, the phrase of its status.</summary>
    public static Task WriteAsync(HttpContext context)
    {
        var phrase = ReasonPhrases.GetReasonPhrase(context.Response.StatusCode);
        return WriteAsync(context, context.Response.StatusCode, phrase.ToLowerInvariant().Replace(' ', '_'), phrase);
    }

    /// <summary>The page has one code for whatever was sent in place of a key, and one for nothing.</summary>
    private static string Code(ApiKeyError refusal) => refusal.Code switch
    {
        ApiKeyErrorCodes.InvalidToken => ApiKeyErrorCodes.InvalidApiKey,
        ApiKeyErrorCodes.MissingCredentials => ApiKeyErrorCodes.MissingApiKey,
        var code => code,
    };

    private static Task WriteAsync(HttpContext context, int status, string code, string message) =>
        context.Response.WriteAsJsonAsync(new { error = new { code, message }, status });
}
