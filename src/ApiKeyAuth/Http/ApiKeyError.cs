using System.Globalization;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Http;

/// <summary>Why a request is refused: all that a body of the app's own making may want to say.</summary>
public sealed class ApiKeyError
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

    /// <summary>Reads like <see cref="Invalid"/>: the <c>Authorization</c> header holds a token that has the form of no key.</summary>
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

    internal ApiKeyError()
    {
    }

    /// <summary>The HTTP status.</summary>
    public required int StatusCode { get; init; }

    /// <summary>One of <see cref="ApiKeyErrorCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for the caller, without a full stop; it never holds a part of a key.</summary>
    public required string Message { get; init; }

    /// <summary>The scopes that would have been needed, where the code is <c>insufficient_scope</c>.</summary>
    public IReadOnlyList<string> MissingScopes { get; init; } = [];

    /// <summary>What is wrong with each field of the body or query that is, by its name, where the code is <c>invalid_request</c>.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>When the key ended, as it was given, where the code is <c>expired_api_key</c>.</summary>
    public ApiKeyExpiry? ExpiredAt { get; init; }

    /// <summary>The limit that is used up, if the code is <c>rate_limit_exceeded</c> or <c>too_many_failures</c>.</summary>
    public RateLimit? Limit { get; init; }

    /// <summary>In how many seconds the same request can succeed, at least 1, or null where waiting does not help or is not known.</summary>
    public long? RetryAfterSeconds { get; init; }

    /// <summary>The seconds as a header tells them, once it was written.</summary>
    internal string? RetryAfter => RetryAfterSeconds is { } wait ? field ??= wait.ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>The challenge that goes with the refusal where it is not a 401, or null.</summary>
    internal string? Challenge { get; init; }

    /// <summary>The default body up to the trace id, once it was written: most refusals are told many times.</summary>
    internal byte[]? CachedBodyPrefix { get; set; }

    internal static ApiKeyError Expired(ApiKeyExpiry expiresAt) => new()
    {
        StatusCode = StatusCodes.Status401Unauthorized,
        Code = ApiKeyErrorCodes.ExpiredApiKey,
        Message = $"API key expired on {expiresAt}",
        ExpiredAt = expiresAt,
    };

    internal static ApiKeyError InsufficientScope(IReadOnlyList<string> missing, string? challenge, string credential = "API key") => new()
    {
        StatusCode = StatusCodes.Status403Forbidden,
        Code = ApiKeyErrorCodes.InsufficientScope,
        Message = $"{credential} lacks required scope: {string.Join(' ', missing)}",
        MissingScopes = missing,
        Challenge = challenge,
    };

    /// <summary>The 403 of a caller without a key: the scopes that its token lacks, or the app's own policy.</summary>
    internal static ApiKeyError ForbiddenToken(IReadOnlyList<string> missing) =>
        missing.Count == 0 ? Forbidden : InsufficientScope(missing, ChallengeHeaders.WithInsufficientScope("Bearer", missing), "Access token");

    /// <summary>Who is over his limit is told the same within a second, and mostly many times.</summary>
    internal static ApiKeyError RateLimited(RateLimit limit, long? retryAfterSeconds)
    {
        ref var slot = ref RecentRateLimitErrors[(ulong)(limit.Permits + retryAfterSeconds.GetValueOrDefault()) % (uint)RecentRateLimitErrors.Length];
        return slot is { } recent && recent.Limit == limit && recent.RetryAfterSeconds == retryAfterSeconds
            ? recent
            : slot = CreateRateLimited(limit, retryAfterSeconds);
    }

    /// <summary>Gets the refusal of a bad key from a network that offered too many; during an attack most are the same.</summary>
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
