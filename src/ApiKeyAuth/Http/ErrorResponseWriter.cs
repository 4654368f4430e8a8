using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Http;

/// <summary>The one place that writes a refusal: outermost, after everything else had its say.</summary>
/// <remarks>
/// Schemes only record why they refuse. Written any earlier, a later scheme's challenge in the same policy would turn a 400 or 503 into its
/// own 401, and a body written in a challenge would end the answer before that scheme's header.
/// </remarks>
internal sealed class ErrorResponseWriter(ApiKeyErrorOptions options)
{
    /// <summary>Writes the refusal where there is one and the answer has not begun.</summary>
    public Task WriteAsync(ApiKeyRequestFeature feature)
    {
        var context = feature.Context;
        var refusal = feature.Error ?? GetScopeError(context, feature);
        if (refusal is null || feature.IsErrorWritten || context.Response.HasStarted || IsRedirectedToSignIn(context, refusal))
        {
            return Task.CompletedTask;
        }

        feature.WrittenError = refusal;
        refusal = options.GetReportedError(refusal);

        var response = context.Response;
        var headers = response.Headers;
        var status = response.StatusCode;

        // Of a redirect to a sign-in page, or of a scheme that names that page beside its 401.
        headers.Location = default;
        response.StatusCode = refusal.StatusCode;
        headers.CacheControl = "no-store";

        // In place of what a scheme's challenge wrote; where none set a status there was no challenge.
        if (refusal.StatusCode != StatusCodes.Status401Unauthorized && (refusal.Challenge is not null || status != StatusCodes.Status200OK))
        {
            headers.WWWAuthenticate = refusal.Challenge;
        }

        if (refusal.RetryAfter is { } wait)
        {
            headers.RetryAfter = wait;
        }

        if (GrpcErrorWriter.TryWrite(context, refusal))
        {
            return Task.CompletedTask;
        }

        return options.WriteBody is { } write ? write(context, refusal) : ProblemDetailsWriter.WriteAsync(context, refusal);
    }

    /// <summary>A scope requirement was missed by a caller of another scheme (a JWT), whose handler sets the bare status only.</summary>
    private static ApiKeyError? GetScopeError(HttpContext context, ApiKeyRequestFeature feature) =>
        feature is { IsFrameworkResponse: false, MissingScopes.Count: > 0 } && context.Response.StatusCode == StatusCodes.Status403Forbidden
            ? ApiKeyError.ForbiddenToken(feature.MissingScopes)
            : null;

    /// <summary>A browser without a key that another scheme of the policy redirects to its sign-in page is left to go there.</summary>
    private static bool IsRedirectedToSignIn(HttpContext context, ApiKeyError error) =>
        context.Response.StatusCode is >= 300 and < 400
        && (error.Code is ApiKeyErrorCodes.MissingApiKey or ApiKeyErrorCodes.MissingCredentials
            || (error.Code is ApiKeyErrorCodes.InvalidToken && context.Request.AcceptsHtml()));
}
