namespace ApiKeyAuth.RateLimiting;

/// <summary>Defines the response headers that report rate limits.</summary>
[Flags]
public enum RateLimitHeaderStyle
{
    /// <summary>No headers other than <c>Retry-After</c>.</summary>
    None = 0,

    /// <summary><c>X-RateLimit-Limit</c>, <c>X-RateLimit-Remaining</c> and <c>X-RateLimit-Reset</c> (Unix seconds).</summary>
    XRateLimit = 1,

    /// <summary><c>RateLimit-Policy</c> and <c>RateLimit</c>, structured fields (draft-ietf-httpapi-ratelimit-headers, RFC 9651).</summary>
    Ietf = 2,

    /// <summary>Both kinds of headers.</summary>
    Both = XRateLimit | Ietf,
}
