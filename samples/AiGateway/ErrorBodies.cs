using ApiKeyAuth.Http;

namespace AiGateway;

/// <summary>Writes errors as plain text, with the same sentence for every 401.</summary>
internal static class ErrorBodies
{
    public static Task WriteAsync(HttpContext context, ApiKeyError error) =>
        WriteAsync(context, error.StatusCode == StatusCodes.Status401Unauthorized ? "Invalid authentication token." : error.Message);

    public static Task WriteAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text);
    }
}
