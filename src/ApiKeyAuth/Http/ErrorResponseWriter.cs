using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Http;

/// <summary>Provides the method that writes error responses. The outermost middleware calls it when the pipeline has ended.</summary>
/// <remarks>
/// Schemes only record their errors. If a scheme wrote its error itself, the challenge of a later scheme in the same policy would replace a
/// 400 or 503 with its own 401, or could not add its header because the response has started.
/// </remarks>
internal sealed class ErrorResponseWriter(ApiKeyErrorOptions options, IProblemDetailsService? problemDetails = null)
{
    /// <summary>Writes the error if there is one and the response has not started.</summary>
    public Task WriteAsync(ApiKeyRequestFeature feature)
    {
        var context = feature.Context;
        var error = feature.Error ?? GetScopeError(context, feature);
        if (error is null || feature.IsErrorWritten || context.Response.HasStarted || IsRedirectedToSignIn(context, error))
        {
            return Task.CompletedTask;
        }

        feature.WrittenError = error;
        error = options.GetReportedError(error);

        var response = context.Response;
        var headers = response.Headers;
        var status = response.StatusCode;

        // Another scheme may have redirected to its sign-in page, or may have named that page together with a 401.
        headers.Location = default;
        response.StatusCode = error.StatusCode;
        headers.CacheControl = "no-store";

        // This replaces the challenges of schemes. If the status is still 200, no scheme wrote a challenge.
        if (error.StatusCode != StatusCodes.Status401Unauthorized && (error.Challenge is not null || status != StatusCodes.Status200OK))
        {
            headers.WWWAuthenticate = error.Challenge;
        }

        if (error.RetryAfter is { } wait)
        {
            headers.RetryAfter = wait;
        }

        if (GrpcErrorWriter.TryWrite(context, error))
        {
            return Task.CompletedTask;
        }

        return options.WriteBody is { } write ? write(context, error)
            : problemDetails is not null ? ProblemDetailsWriter.WriteAsync(context, error, problemDetails, options.DocumentationUrl)
            : ProblemDetailsWriter.WriteAsync(context, error, options.DocumentationUrl);
    }

    /// <summary>
    /// Gets the error for a caller of another scheme, such as JWT, that lacks scopes. The handler of that scheme only sets the status.
    /// </summary>
    private static ApiKeyError? GetScopeError(HttpContext context, ApiKeyRequestFeature feature) =>
        feature is { IsFrameworkResponse: false, MissingScopes.Count: > 0 } && context.Response.StatusCode == StatusCodes.Status403Forbidden
            ? ApiKeyError.ForbiddenToken(feature.MissingScopes)
            : null;

    /// <summary>Determines whether another scheme of the policy redirects a browser without a key to its sign-in page.</summary>
    private static bool IsRedirectedToSignIn(HttpContext context, ApiKeyError error) =>
        context.Response.StatusCode is >= 300 and < 400
        && (error.Code is ApiKeyErrorCodes.MissingApiKey or ApiKeyErrorCodes.MissingCredentials
            || (error.Code is ApiKeyErrorCodes.InvalidToken && context.Request.AcceptsHtml()));
}
