using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Errors;

/// <summary>The one place that writes a refusal: outermost, after everything else had its say.</summary>
/// <remarks>
/// Schemes only record why they refuse. Written any earlier, a later scheme's challenge in the same policy would turn a 400 or 503 into its
/// own 401, and a body written in a challenge would end the answer before that scheme's header.
/// </remarks>
internal sealed class RefusalWriter(ApiKeyErrorOptions options)
{
    /// <summary>Writes the refusal where there is one and the answer has not begun.</summary>
    public Task WriteAsync(RequestNotes notes)
    {
        var context = notes.Context;
        var refusal = notes.Refusal ?? ForbiddenForScope(context, notes);
        if (refusal is null || notes.IsRefusalWritten || context.Response.HasStarted || IsSentToSignIn(context, refusal))
        {
            return Task.CompletedTask;
        }

        notes.Written = refusal;
        refusal = options.Fold(refusal);

        var response = context.Response;
        var headers = response.Headers;
        var status = response.StatusCode;

        // Of a redirect to a sign-in page, or of a scheme that names that page beside its 401.
        headers.Location = default;
        response.StatusCode = refusal.Status;
        headers.CacheControl = "no-store";

        // In place of what a scheme's challenge wrote; where none set a status there was no challenge.
        if (refusal.Status != StatusCodes.Status401Unauthorized && (refusal.Challenge is not null || status != StatusCodes.Status200OK))
        {
            headers.WWWAuthenticate = refusal.Challenge;
        }

        if (refusal.RetryAfter is { } wait)
        {
            headers.RetryAfter = wait;
        }

        if (GrpcRefusal.TryWrite(context, refusal))
        {
            return Task.CompletedTask;
        }

        return options.WriteBody is { } write ? write(context, refusal) : ProblemBody.WriteAsync(context, refusal);
    }

    /// <summary>A scope requirement was missed by a caller of another scheme (a JWT), whose handler sets the bare status only.</summary>
    private static ApiKeyRefusal? ForbiddenForScope(HttpContext context, RequestNotes notes) =>
        notes is { IsFrameworks: false, MissingScopes.Count: > 0 } && context.Response.StatusCode == StatusCodes.Status403Forbidden
            ? ApiKeyRefusal.ForbiddenToken(notes.MissingScopes)
            : null;

    /// <summary>A browser without a key that another scheme of the policy redirects to its sign-in page is left to go there.</summary>
    private static bool IsSentToSignIn(HttpContext context, ApiKeyRefusal refusal) =>
        context.Response.StatusCode is >= 300 and < 400
        && (refusal.Code is ApiKeyErrorCodes.MissingApiKey or ApiKeyErrorCodes.MissingCredentials
            || (refusal.Code is ApiKeyErrorCodes.InvalidToken && context.Request.AcceptsHtml()));
}
