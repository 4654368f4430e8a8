using ApiKeyAuth.Http;

namespace AiGateway;

/// <summary>Refusals in plain text: one sentence for every token that does not pass.</summary>
internal static class ErrorBodies
{
    public static Task WriteAsync(HttpContext context, ApiKeyError refusal) =>
        WriteAsync(context, refusal.StatusCode == StatusCodes.Status401Unauthorized ? "Invalid authentication token." : refusal.Message);

    public static Task WriteAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text);
    }
}
