namespace ApiKeyAuth.Http;

/// <summary>The codes that tell a caller why a request was refused; they never change.</summary>
public static class ApiKeyErrorCodes
{
    /// <summary>400: more than one key was sent, or a body is not understood.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>401: no key was sent.</summary>
    public const string MissingApiKey = "missing_api_key";

    /// <summary>401: the key is unknown, malformed, deleted, revoked or disabled; which of these is not said.</summary>
    public const string InvalidApiKey = "invalid_api_key";

    /// <summary>401: the key's time is over; said only to a caller who proved the secret.</summary>
    public const string ExpiredApiKey = "expired_api_key";

    /// <summary>401: no credentials were sent, and the endpoint accepts another scheme besides API keys.</summary>
    public const string MissingCredentials = "missing_credentials";

    /// <summary>401: a token was sent, and the scheme that reads it refused it.</summary>
    public const string InvalidToken = "invalid_token";

    /// <summary>403: the caller lacks a scope (RFC 6750 §3.1).</summary>
    public const string InsufficientScope = "insufficient_scope";

    /// <summary>403: the key may not be used from this network.</summary>
    public const string IpNotAllowed = "ip_not_allowed";

    /// <summary>403: the key is bound to another audience.</summary>
    public const string WrongAudience = "wrong_audience";

    /// <summary>403: a policy of the app's own refused the caller.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>404: there is no such key, or it is not the caller's to see.</summary>
    public const string NotFound = "not_found";

    /// <summary>409: the change lost a race, or the key's state forbids it.</summary>
    public const string Conflict = "conflict";

    /// <summary>412: the key was changed since it was read.</summary>
    public const string PreconditionFailed = "precondition_failed";

    /// <summary>429: a limit is used up.</summary>
    public const string RateLimitExceeded = "rate_limit_exceeded";

    /// <summary>429: too many keys from the caller's network were refused; valid keys still pass.</summary>
    public const string TooManyFailures = "too_many_failures";

    /// <summary>500: the key store rejects the change, such as by a constraint or a length; waiting does not help.</summary>
    public const string InternalError = "internal_error";

    /// <summary>503: the key could not be looked up; it may well be valid.</summary>
    public const string KeyStoreUnavailable = "key_store_unavailable";
}
