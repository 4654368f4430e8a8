using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Http;

/// <summary>
/// Provides the method that writes a 429 as a gRPC status. gRPC clients map HTTP 429 to <c>Unavailable</c>, and their default retry
/// policies retry that immediately.
/// </summary>
/// <remarks>
/// The response is "Trailers-Only" as in the gRPC protocol over HTTP/2. <c>grpc-retry-pushback-ms</c> is defined in gRPC proposal A6.
/// </remarks>
internal static class GrpcErrorWriter
{
    private const string GrpcContentType = "application/grpc";
    private const string ResourceExhausted = "8";

    /// <summary>Writes the error if the request is gRPC or gRPC-Web and the error is a 429. The response does not have a body.</summary>
    /// <returns><see langword="true"/> if the error was written; otherwise, <see langword="false"/>.</returns>
    public static bool TryWrite(HttpContext context, ApiKeyError error)
    {
        if (error.StatusCode != StatusCodes.Status429TooManyRequests || GetResponseType(context.Request.ContentType) is not { } type)
        {
            return false;
        }

        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = type;
        response.Headers["grpc-status"] = ResourceExhausted;
        response.Headers["grpc-message"] = error.Message.Replace("%", "%25", StringComparison.Ordinal);

        // A negative number means that the client must not retry.
        response.Headers["grpc-retry-pushback-ms"] =
            error.RetryAfterSeconds is { } wait ? (wait * 1000).ToString(CultureInfo.InvariantCulture) : "-1";
        return true;
    }

    private static string? GetResponseType(string? requestType)
    {
        if (requestType is null || !requestType.StartsWith(GrpcContentType, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var end = requestType.AsSpan().IndexOfAny(';', '+');
        var type = requestType.AsSpan(0, end < 0 ? requestType.Length : end).TrimEnd();
        return type.Equals(GrpcContentType, StringComparison.OrdinalIgnoreCase) ? GrpcContentType
            : type.Equals("application/grpc-web", StringComparison.OrdinalIgnoreCase) ? "application/grpc-web"
            : type.Equals("application/grpc-web-text", StringComparison.OrdinalIgnoreCase) ? "application/grpc-web-text"
            : null;
    }
}
