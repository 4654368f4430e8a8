using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.Operations;

/// <summary>The answers of a manager that did nothing.</summary>
internal static class Problems
{
    /// <summary>Another tenant's id reads exactly like one that never existed.</summary>
    public static readonly ApiKeyProblem NotFound = new()
    {
        Status = StatusCodes.Status404NotFound,
        Code = ApiKeyErrorCodes.NotFound,
        Message = "There is no such API key",
    };

    public static readonly ApiKeyProblem LeakReportsDisabled = new()
    {
        Status = StatusCodes.Status404NotFound,
        Code = ApiKeyErrorCodes.NotFound,
        Message = "Leaked API keys are not taken here",
    };

    public static readonly ApiKeyProblem UsageNotSupported = new()
    {
        Status = StatusCodes.Status404NotFound,
        Code = ApiKeyErrorCodes.NotFound,
        Message = "Uses of API keys are not kept here",
    };

    public static readonly ApiKeyProblem StoreUnavailable = new()
    {
        Status = StatusCodes.Status503ServiceUnavailable,
        Code = ApiKeyErrorCodes.KeyStoreUnavailable,
        Message = "The API key store cannot be reached; nothing may be assumed to have changed",
    };

    public static readonly ApiKeyProblem StoreRejected = new()
    {
        Status = StatusCodes.Status500InternalServerError,
        Code = ApiKeyErrorCodes.InternalError,
        Message = "The API key store cannot hold the change; nothing was changed, and repeating the request does not help",
    };

    public static readonly ApiKeyProblem PreconditionFailed = new()
    {
        Status = StatusCodes.Status412PreconditionFailed,
        Code = ApiKeyErrorCodes.PreconditionFailed,
        Message = "The API key was changed since it was read; read it again",
    };

    public static ApiKeyProblem Unacknowledged(TimeSpan maxDelay) => new()
    {
        Status = StatusCodes.Status503ServiceUnavailable,
        Code = ApiKeyErrorCodes.KeyStoreUnavailable,
        Message = $"The change is stored, but other nodes could not be told yet; they act on it within {(long)maxDelay.TotalSeconds} seconds, and as soon as "
            + "they can be told again; it is safe to repeat it, a rotation with discardCurrent",
    };

    public static ApiKeyProblem Conflict(string message) => new()
    {
        Status = StatusCodes.Status409Conflict,
        Code = ApiKeyErrorCodes.Conflict,
        Message = message,
    };

    public static ApiKeyProblem Forbidden(string message) => new()
    {
        Status = StatusCodes.Status403Forbidden,
        Code = ApiKeyErrorCodes.Forbidden,
        Message = message,
    };

    public static ApiKeyProblem ScopesNotGrantable(IReadOnlyList<string> scopes) => new()
    {
        Status = StatusCodes.Status403Forbidden,
        Code = ApiKeyErrorCodes.InsufficientScope,
        Message = $"The caller does not hold what the key would: {string.Join(' ', scopes)}",
        MissingScopes = scopes,
    };

    public static ApiKeyProblem Malformed(string message) => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Code = ApiKeyErrorCodes.InvalidRequest,
        Message = message,
    };

    public static ApiKeyProblem Invalid(IReadOnlyDictionary<string, string> fields) => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Code = ApiKeyErrorCodes.InvalidRequest,
        Message = string.Join("; ", fields.Select(field => $"{field.Key} {field.Value}")),
        Fields = fields,
    };
}
