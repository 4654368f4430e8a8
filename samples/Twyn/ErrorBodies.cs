using ApiKeyAuth.Http;
using Samples;

namespace Twyn;

/// <summary>Writes errors in the documented formats: <c>{"detail"}</c>, and another one for exceeded limits.</summary>
internal static class ErrorBodies
{
    private const int Minute = 60;
    private const int Hour = 3600;

    public static Task WriteAsync(HttpContext context, ApiKeyError error) => error.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => WriteAsync(context, "Invalid or missing API key"),
        StatusCodes.Status429TooManyRequests => context.Response.WriteAsJsonAsync(new
        {
            error = "RATE_LIMIT_EXCEEDED",
            message = $"Rate limit exceeded. Try again {When(error.RetryAfterSeconds)}.",
            retry_after = error.RetryAfterSeconds,
        }),
        _ => WriteAsync(context, error.Message),
    };

    /// <summary>Writes the error of a response without a body, such as for an unknown path.</summary>
    public static Task WriteAsync(HttpContext context) => WriteAsync(context, JsonBodies.GetError(context));

    private static Task WriteAsync(HttpContext context, string detail) => context.Response.WriteAsJsonAsync(new { detail });

    private static string When(long? seconds) => seconds switch
    {
        <= Minute => "in 1 minute",
        < Hour => $"in {(seconds + Minute - 1) / Minute} minutes",
        _ => "later",
    };
}
