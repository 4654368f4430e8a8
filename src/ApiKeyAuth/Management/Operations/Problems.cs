using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Creates the problems that <see cref="ApiKeyManager"/> returns.</summary>
internal static class Problems
{
    /// <summary>A key of another tenant is reported like one that never existed.</summary>
    public static readonly ApiKeyProblem NotFound = new()
    {
        Status = StatusCodes.Status404NotFound,
        Code = ApiKeyErrorCodes.NotFound,
        Message = "The API key does not exist",
    };

    public static readonly ApiKeyProblem LeakReportsDisabled = new()
    {
        Status = StatusCodes.Status404NotFound,
        Code = ApiKeyErrorCodes.NotFound,
        Message = "This app does not accept reports of leaked API keys",
    };

    public static readonly ApiKeyProblem UsageNotSupported = new()
    {
        Status = StatusCodes.Status404NotFound,
        Code = ApiKeyErrorCodes.NotFound,
        Message = "This app does not store the usage of API keys",
    };

    public static readonly ApiKeyProblem StoreUnavailable = new()
    {
        Status = StatusCodes.Status503ServiceUnavailable,
        Code = ApiKeyErrorCodes.KeyStoreUnavailable,
        Message = "The API key store cannot be reached; the change may or may not be stored",
    };

    public static readonly ApiKeyProblem StoreRejected = new()
    {
        Status = StatusCodes.Status500InternalServerError,
        Code = ApiKeyErrorCodes.InternalError,
        Message = "The API key store rejected the change; nothing was changed, and repeating the request does not help",
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
        Message = $"The change is stored, but other nodes could not be notified; they apply it within {(long)maxDelay.TotalSeconds} "
            + "seconds, or as soon as they can be notified; it is safe to repeat the request, a rotation with discardCurrent",
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
        Message = $"The caller does not have the scopes of the key: {string.Join(' ', scopes)}",
        MissingScopes = scopes,
    };

    public static ApiKeyProblem Malformed(string message) => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Code = ApiKeyErrorCodes.InvalidRequest,
        Message = message,
    };

    public static ApiKeyProblem Invalid(string field, string fault) =>
        Invalid(new Dictionary<string, string>(StringComparer.Ordinal) { [field] = fault });

    public static ApiKeyProblem Invalid(IReadOnlyDictionary<string, string> fields) => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Code = ApiKeyErrorCodes.InvalidRequest,
        Message = string.Join("; ", fields.Select(field => $"{field.Key} {field.Value}")),
        Fields = fields,
    };
}
