namespace ApiKeyAuth.Http;

/// <summary>Defines the error codes that state why a request was rejected. Existing codes never change.</summary>
public static class ApiKeyErrorCodes
{
    /// <summary>400: The request contains more than one key, or its body or query is invalid.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>401: The request does not contain a key.</summary>
    public const string MissingApiKey = "missing_api_key";

    /// <summary>
    /// 401: The key is unknown, malformed, deleted, revoked, disabled or not valid yet. The response does not state which.
    /// </summary>
    public const string InvalidApiKey = "invalid_api_key";

    /// <summary>
    /// 401: The key has expired, at its time or because it was not used. Only callers that sent the correct secret get this code.
    /// </summary>
    public const string ExpiredApiKey = "expired_api_key";

    /// <summary>401: The request does not contain credentials, and the endpoint accepts another scheme besides API keys.</summary>
    public const string MissingCredentials = "missing_credentials";

    /// <summary>401: The request contains a token, and the scheme that reads it rejected it.</summary>
    public const string InvalidToken = "invalid_token";

    /// <summary>403: The caller lacks a scope (RFC 6750 §3.1).</summary>
    public const string InsufficientScope = "insufficient_scope";

    /// <summary>403: The key may not be used from this network.</summary>
    public const string IpNotAllowed = "ip_not_allowed";

    /// <summary>403: The key is bound to another audience.</summary>
    public const string WrongAudience = "wrong_audience";

    /// <summary>403: A policy of the app rejected the caller.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>404: The key does not exist, or the caller may not see it.</summary>
    public const string NotFound = "not_found";

    /// <summary>409: The change conflicts with a concurrent change or with the state of the key.</summary>
    public const string Conflict = "conflict";

    /// <summary>412: The key has changed since the caller read it.</summary>
    public const string PreconditionFailed = "precondition_failed";

    /// <summary>429: A rate limit is exceeded.</summary>
    public const string RateLimitExceeded = "rate_limit_exceeded";

    /// <summary>429: Too many keys from the network of the caller were rejected. Valid keys are still accepted.</summary>
    public const string TooManyFailures = "too_many_failures";

    /// <summary>500: The key store rejected the change, for example because of a constraint or a length. Retrying does not help.</summary>
    public const string InternalError = "internal_error";

    /// <summary>503: The key could not be checked because the key store is unavailable. The key may be valid.</summary>
    public const string KeyStoreUnavailable = "key_store_unavailable";
}
