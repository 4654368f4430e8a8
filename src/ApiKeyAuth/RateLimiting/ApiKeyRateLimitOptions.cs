using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Represents the options of rate limiting.</summary>
public sealed class ApiKeyRateLimitOptions
{
    /// <summary>
    /// Gets or sets the limits of keys that have no limits of their own or by their scopes. The default is empty, which means unlimited.
    /// </summary>
    public IReadOnlyList<RateLimit> Default { get; set; } = [];

    /// <summary>
    /// Gets or sets the limits that all keys of a tenant share, for tenants that are not in <see cref="Tenants"/>. The default is empty,
    /// which means unlimited.
    /// </summary>
    public IReadOnlyList<RateLimit> PerTenant { get; set; } = [];

    /// <summary>Gets the limits that all keys of a tenant share, by tenant ID. The default is empty.</summary>
    public IDictionary<string, IReadOnlyList<RateLimit>> Tenants { get; } =
        new Dictionary<string, IReadOnlyList<RateLimit>>(StringComparer.Ordinal);

    /// <summary>
    /// Gets or sets the limit of failed authentications per network, above which failures are answered with 429;
    /// <see langword="null"/> means no limit. The default is 100 per minute.
    /// </summary>
    /// <remarks>
    /// A network is an IPv4 address or an IPv6 /64, taken from <c>Connection.RemoteIpAddress</c>. Valid keys from the same network are not
    /// affected.
    /// </remarks>
    public RateLimit? FailedAuthentications { get; set; } = new RateLimit(100, TimeSpan.FromMinutes(1));

    /// <summary>
    /// Gets or sets the response headers that report limits. The default is <see cref="RateLimitHeaderStyle.XRateLimit"/>.
    /// </summary>
    public RateLimitHeaderStyle Headers { get; set; } = RateLimitHeaderStyle.XRateLimit;

    /// <summary>
    /// Gets or sets a value indicating whether requests with a valid key that are rejected with 403 or 429 are charged too. The default is
    /// <see langword="false"/>.
    /// </summary>
    /// <remarks>If it is set, a caller who keeps sending requests over the limit stays rejected.</remarks>
    public bool ChargeRejectedRequests { get; set; }
}
