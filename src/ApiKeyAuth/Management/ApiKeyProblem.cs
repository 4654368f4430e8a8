using System.Collections.ObjectModel;
using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Endpoints;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management;

/// <summary>Represents the reason why <see cref="ApiKeyManager"/> rejected a call.</summary>
/// <remarks>
/// Nothing was changed, unless the status is 503 and the message says that the change is stored. An app's own endpoint can return it, or a
/// problem of its own, as its result; the response then has the same format as all error responses.
/// </remarks>
public sealed record ApiKeyProblem : IResult
{
    /// <summary>Gets the HTTP status code: 400, 403, 404, 409, 412, 500 or 503.</summary>
    public required int Status { get; init; }

    /// <summary>Gets the error code: one of <see cref="ApiKeyErrorCodes"/>, or a code of the app.</summary>
    public required string Code { get; init; }

    /// <summary>Gets the message for the caller: one sentence without a period.</summary>
    public required string Message { get; init; }

    /// <summary>Gets the errors by the JSON name of the field.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Gets the scopes that the caller lacks.</summary>
    public IReadOnlyList<string> MissingScopes { get; init; } = [];

    /// <summary>Writes the error response, in the format of all error responses of <c>UseApiKeyAuth()</c>.</summary>
    /// <param name="httpContext">The HTTP context.</param>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);

        // Set here as well, in case the app does not call UseApiKeyAuth() and nothing writes the error.
        httpContext.Response.StatusCode = Status;
        return ManagementResponseWriter.RejectAsync(httpContext, this);
    }
}
