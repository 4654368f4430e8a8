using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Creates the problems that <see cref="ApiKeyManager"/> returns.</summary>
internal static class Problems
{
    private const long RetryAfterSeconds = 2;

    /// <summary>A key of another tenant is reported like one that never existed.</summary>
    public static readonly ApiKeyError NotFound = new()
    {
        StatusCode = StatusCodes.Status404NotFound,
        Code = ApiKeyErrorCodes.NotFound,
        Message = "The API key does not exist",
    };

    public static readonly ApiKeyError LeakReportsDisabled = new()
    {
        StatusCode = StatusCodes.Status404NotFound,
        Code = ApiKeyErrorCodes.NotFound,
        Message = "This app does not accept reports of leaked API keys",
    };

    public static readonly ApiKeyError UsageNotSupported = new()
    {
        StatusCode = StatusCodes.Status404NotFound,
        Code = ApiKeyErrorCodes.NotFound,
        Message = "This app does not store the usage of API keys",
    };

    public static readonly ApiKeyError StoreUnavailable = new()
    {
        StatusCode = StatusCodes.Status503ServiceUnavailable,
        Code = ApiKeyErrorCodes.KeyStoreUnavailable,
        Message = "The API key store cannot be reached; the change may or may not be stored",
        RetryAfterSeconds = RetryAfterSeconds,
    };

    public static readonly ApiKeyError StoreRejected = new()
    {
        StatusCode = StatusCodes.Status500InternalServerError,
        Code = ApiKeyErrorCodes.InternalError,
        Message = "The API key store rejected the change; nothing was changed, and repeating the request does not help",
    };

    public static readonly ApiKeyError PreconditionFailed = new()
    {
        StatusCode = StatusCodes.Status412PreconditionFailed,
        Code = ApiKeyErrorCodes.PreconditionFailed,
        Message = "The API key was changed since it was read; read it again",
    };

    public static ApiKeyError Unacknowledged(TimeSpan maxDelay) => new()
    {
        StatusCode = StatusCodes.Status503ServiceUnavailable,
        Code = ApiKeyErrorCodes.KeyStoreUnavailable,
        Message = $"The change is stored, but other nodes could not be notified; they apply it within {(long)maxDelay.TotalSeconds} "
            + "seconds, or as soon as they can be notified; it is safe to repeat the request, a rotation with discardCurrent",
        RetryAfterSeconds = RetryAfterSeconds,
    };

    public static ApiKeyError Conflict(string message) => new()
    {
        StatusCode = StatusCodes.Status409Conflict,
        Code = ApiKeyErrorCodes.Conflict,
        Message = message,
    };

    public static ApiKeyError Forbidden(string message) => new()
    {
        StatusCode = StatusCodes.Status403Forbidden,
        Code = ApiKeyErrorCodes.Forbidden,
        Message = message,
    };

    public static ApiKeyError ScopesNotGrantable(IReadOnlyList<string> scopes) => new()
    {
        StatusCode = StatusCodes.Status403Forbidden,
        Code = ApiKeyErrorCodes.InsufficientScope,
        Message = $"The caller does not have the scopes of the key: {string.Join(' ', scopes)}",
        MissingScopes = scopes,
    };

    public static ApiKeyError Malformed(string message) => new()
    {
        StatusCode = StatusCodes.Status400BadRequest,
        Code = ApiKeyErrorCodes.InvalidRequest,
        Message = message,
    };

    public static ApiKeyError Invalid(string field, string fault) =>
        Invalid(new Dictionary<string, string>(StringComparer.Ordinal) { [field] = fault });

    public static ApiKeyError Invalid(IReadOnlyDictionary<string, string> fields) => new()
    {
        StatusCode = StatusCodes.Status400BadRequest,
        Code = ApiKeyErrorCodes.InvalidRequest,
        Message = string.Join("; ", fields.Select(field => $"{field.Key} {field.Value}")),
        Fields = fields,
    };
}
