using ApiKeyAuth.Http;
using Samples;

namespace AiGateway;

/// <summary>Writes errors as plain text, with the same sentence for every 401.</summary>
internal static class ErrorBodies
{
    public static Task WriteAsync(HttpContext context, ApiKeyError error) =>
        WriteAsync(context, error.StatusCode == StatusCodes.Status401Unauthorized ? "Invalid authentication token." : error.Message);

    /// <summary>Writes the error of a response without a body, such as for an unknown path.</summary>
    public static Task WriteAsync(HttpContext context) => WriteAsync(context, JsonBodies.GetError(context));

    public static Task WriteAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text);
    }
}
