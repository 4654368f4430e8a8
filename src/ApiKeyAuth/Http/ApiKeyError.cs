using System.Collections.ObjectModel;
using System.Globalization;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Http;

/// <summary>Represents the error that a request, or a call to <c>ApiKeyManager</c>, is rejected with.</summary>
/// <remarks>
/// An app's own endpoint can return an error of the manager, or an error of its own, as its result; the response then has the same format
/// as all error responses. A call to the manager that is rejected has changed nothing, unless the status is 503 and the message says that
/// the change is stored.
/// </remarks>
public sealed class ApiKeyError : IResult
{
    internal static readonly ApiKeyError Ambiguous = new()
    {
        StatusCode = StatusCodes.Status400BadRequest,
        Code = ApiKeyErrorCodes.InvalidRequest,
        Message = "The request carries more than one API key; send one, once",
    };

    internal static readonly ApiKeyError Missing = new()
    {
        StatusCode = StatusCodes.Status401Unauthorized,
        Code = ApiKeyErrorCodes.MissingApiKey,
        Message = "No API key was provided",
    };

    internal static readonly ApiKeyError Invalid = new()
    {
        StatusCode = StatusCodes.Status401Unauthorized,
        Code = ApiKeyErrorCodes.InvalidApiKey,
        Message = "The API key provided is invalid",
    };

    /// <summary>The <c>Authorization</c> header contains a token that does not match any key format. Callers see the same as for
    /// <see cref="Invalid"/>.</summary>
    internal static readonly ApiKeyError UnrecognizedToken = new()
    {
        StatusCode = StatusCodes.Status401Unauthorized,
        Code = ApiKeyErrorCodes.InvalidApiKey,
        Message = Invalid.Message,
    };

    /// <summary>The app challenged a request whose key is valid.</summary>
    internal static readonly ApiKeyError KeyNotAccepted = new()
    {
        StatusCode = StatusCodes.Status401Unauthorized,
        Code = ApiKeyErrorCodes.InvalidApiKey,
        Message = "The API key provided is not accepted for this request",
    };

    internal static readonly ApiKeyError MissingCredentials = new()
    {
        StatusCode = StatusCodes.Status401Unauthorized,
        Code = ApiKeyErrorCodes.MissingCredentials,
        Message = "No credentials were provided",
    };

    internal static readonly ApiKeyError InvalidToken = new()
    {
        StatusCode = StatusCodes.Status401Unauthorized,
        Code = ApiKeyErrorCodes.InvalidToken,
        Message = "The token provided is invalid",
    };

    /// <summary>The app challenged a request whose token is valid.</summary>
    internal static readonly ApiKeyError TokenNotAccepted = new()
    {
        StatusCode = StatusCodes.Status401Unauthorized,
        Code = ApiKeyErrorCodes.InvalidToken,
        Message = "The token provided is not accepted for this request",
    };

    internal static readonly ApiKeyError IpNotAllowed = new()
    {
        StatusCode = StatusCodes.Status403Forbidden,
        Code = ApiKeyErrorCodes.IpNotAllowed,
        Message = "The API key may not be used from this network",
    };

    internal static readonly ApiKeyError WrongAudience = new()
    {
        StatusCode = StatusCodes.Status403Forbidden,
        Code = ApiKeyErrorCodes.WrongAudience,
        Message = "The API key is bound to another audience",
    };

    internal static readonly ApiKeyError Forbidden = new()
    {
        StatusCode = StatusCodes.Status403Forbidden,
        Code = ApiKeyErrorCodes.Forbidden,
        Message = "The caller may not do this",
    };

    private static readonly ApiKeyError?[] RecentRateLimitErrors = new ApiKeyError?[64];

    private static ApiKeyError? _recentFailureError;

    /// <summary>Gets the HTTP status code of the response.</summary>
    public required int StatusCode { get; init; }

    /// <summary>Gets the error code, which is one of <see cref="ApiKeyErrorCodes"/>, or a code of the app.</summary>
    public required string Code { get; init; }

    /// <summary>Gets a sentence for the caller, without a period at the end. It never contains any part of a key.</summary>
    public required string Message { get; init; }

    /// <summary>Gets the scopes that the caller lacks, if the code is <c>insufficient_scope</c>. The default is empty.</summary>
    public IReadOnlyList<string> MissingScopes { get; init; } = [];

    /// <summary>
    /// Gets the messages for the invalid fields of the body or query, by the name of the field, if the code is <c>invalid_request</c>. The
    /// default is empty.
    /// </summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// Gets when the key expired, as it was set or because it was not used, if the code is <c>expired_api_key</c>.
    /// </summary>
    public ApiKeyExpiry? ExpiredAt { get; init; }

    /// <summary>Gets the exceeded limit, if the code is <c>rate_limit_exceeded</c> or <c>too_many_failures</c>.</summary>
    public RateLimit? Limit { get; init; }

    /// <summary>
    /// Gets the number of seconds, at least 1, after which the same request can succeed. Null means that waiting does not help, or that
    /// the time is not known.
    /// </summary>
    public long? RetryAfterSeconds { get; init; }

    /// <summary>Gets the value of the <c>Retry-After</c> header, which is formatted once.</summary>
    internal string? RetryAfter => RetryAfterSeconds is { } wait ? field ??= wait.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>Gets the challenge to send with an error that is not a 401, or null. By default, it names the missing scopes.</summary>
    internal string? Challenge
    {
        get => field ??= MissingScopes.Count > 0 ? ChallengeHeaders.WithInsufficientScope("Bearer", MissingScopes) : null;
        init;
    }

    /// <summary>Gets or sets the default body up to the trace ID. It is cached because the same error is usually sent many times.</summary>
    internal byte[]? CachedBodyPrefix { get; set; }

    /// <summary>Writes the error response, in the format of all error responses of <c>UseApiKeyAuth()</c>.</summary>
    /// <param name="httpContext">The HTTP context.</param>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);

        // Set here as well, in case the app does not call UseApiKeyAuth() and nothing writes the error.
        httpContext.Response.StatusCode = StatusCode;
        ApiKeyRequestFeature.GetOrCreate(httpContext).ReplaceError(this);
        return Task.CompletedTask;
    }

    internal static ApiKeyError Expired(ApiKeyExpiry expiresAt) => new()
    {
        StatusCode = StatusCodes.Status401Unauthorized,
        Code = ApiKeyErrorCodes.ExpiredApiKey,
        Message = $"API key expired on {expiresAt}",
        ExpiredAt = expiresAt,
    };

    internal static ApiKeyError ExpiredByIdleness(int days, DateTimeOffset expiredAt) => new()
    {
        StatusCode = StatusCodes.Status401Unauthorized,
        Code = ApiKeyErrorCodes.ExpiredApiKey,
        Message = $"API key expired because it was not used for {days} {(days == 1 ? "day" : "days")}",
        ExpiredAt = expiredAt,
    };

    internal static ApiKeyError InsufficientScope(
        IReadOnlyList<string> missing, string? challenge = null, string credential = "API key") => new()
        {
            StatusCode = StatusCodes.Status403Forbidden,
            Code = ApiKeyErrorCodes.InsufficientScope,
            Message = $"{credential} lacks required scope: {string.Join(' ', missing)}",
            MissingScopes = missing,
            Challenge = challenge,
        };

    /// <summary>Gets the 403 for a caller without a key: either the token lacks scopes, or another policy of the app is not met.</summary>
    internal static ApiKeyError ForbiddenToken(IReadOnlyList<string> missing) =>
        missing.Count == 0 ? Forbidden : InsufficientScope(missing, credential: "Access token");

    /// <summary>Gets the error for an exceeded limit. Recent errors are reused, because the same ones occur many times.</summary>
    internal static ApiKeyError RateLimited(RateLimit limit, long? retryAfterSeconds)
    {
        var index = (ulong)(limit.Permits + retryAfterSeconds.GetValueOrDefault()) % (uint)RecentRateLimitErrors.Length;
        ref var slot = ref RecentRateLimitErrors[index];
        return slot is { } recent && recent.Limit == limit && recent.RetryAfterSeconds == retryAfterSeconds
            ? recent
            : slot = CreateRateLimited(limit, retryAfterSeconds);
    }

    /// <summary>Gets the error for a network that sent too many invalid keys. An attack repeats it, so the last one is reused.</summary>
    internal static ApiKeyError TooManyFailures(RateLimit limit, long? retryAfterSeconds) =>
        _recentFailureError is { } recent && recent.Limit == limit && recent.RetryAfterSeconds == retryAfterSeconds
            ? recent
            : _recentFailureError = new()
            {
                StatusCode = StatusCodes.Status429TooManyRequests,
                Code = ApiKeyErrorCodes.TooManyFailures,
                Message = retryAfterSeconds is { } wait
                    ? $"Too many invalid API keys came from this network; try again in {wait} seconds"
                    : "Too many invalid API keys came from this network",
                Limit = limit,
                RetryAfterSeconds = retryAfterSeconds,
            };

    private static ApiKeyError CreateRateLimited(RateLimit limit, long? retryAfterSeconds) => new()
    {
        StatusCode = StatusCodes.Status429TooManyRequests,
        Code = ApiKeyErrorCodes.RateLimitExceeded,
        Message = retryAfterSeconds is { } wait
            ? $"The rate limit of {limit} is used up; try again in {wait} seconds"
            : $"The request costs more than the rate limit of {limit} holds",
        Limit = limit,
        RetryAfterSeconds = retryAfterSeconds,
    };

    internal static ApiKeyError StoreUnavailable(long retryAfterSeconds) => new()
    {
        StatusCode = StatusCodes.Status503ServiceUnavailable,
        Code = ApiKeyErrorCodes.KeyStoreUnavailable,
        Message = "API keys cannot be checked at the moment",
        RetryAfterSeconds = retryAfterSeconds,
    };
}
