using ApiKeyAuth.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Twyn;

/// <summary>The two shapes of a refusal: <c>{"detail"}</c>, and the one of a used-up limit.</summary>
internal static class ErrorBodies
{
    private const int Hour = 3600;

    public static Task WriteAsync(HttpContext context, ApiKeyError refusal) => refusal.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => WriteAsync(context, "Invalid or missing API key"),
        StatusCodes.Status429TooManyRequests => context.Response.WriteAsJsonAsync(new
        {
            error = "RATE_LIMIT_EXCEEDED",
            message = $"Rate limit exceeded. Try again {When(refusal.RetryAfterSeconds)}.",
            retry_after = refusal.RetryAfterSeconds,
        }),
        _ => WriteAsync(context, refusal.Message),
    };

    /// <summary>Gives an answer without a body, such as that of an unknown path, the phrase of its status.</summary>
    public static Task WriteAsync(HttpContext context) => WriteAsync(context, ReasonPhrases.GetReasonPhrase(context.Response.StatusCode));

    private static Task WriteAsync(HttpContext context, string detail) => context.Response.WriteAsJsonAsync(new { detail });

    private static string When(long? seconds) => seconds is < Hour ? $"in {(seconds + 59) / 60} minutes" : "later";
}
