using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting;

/// <summary>How often callers may call.</summary>
public sealed class ApiKeyRateLimitOptions
{
    /// <summary>The limits of a key that has none of its own and whose scopes set none; empty, the default, for unlimited.</summary>
    public IReadOnlyList<RateLimit> Default { get; set; } = [];

    /// <summary>The limits that all keys of a tenant share, for tenants that <see cref="Tenants"/> does not name; empty, the default, for none.</summary>
    public IReadOnlyList<RateLimit> PerTenant { get; set; } = [];

    /// <summary>The limits that all keys of one tenant share, by tenant id.</summary>
    public IDictionary<string, IReadOnlyList<RateLimit>> Tenants { get; } = new Dictionary<string, IReadOnlyList<RateLimit>>(StringComparer.Ordinal);

    /// <summary>How many refused keys one network may offer before its further failures are answered with 429; 100 a minute by default, null for no limit.</summary>
    /// <remarks>A network is an IPv4 address or an IPv6 /64, as <c>Connection.RemoteIpAddress</c> has it. A valid key from there always passes.</remarks>
    public RateLimit? FailedAuthentications { get; set; } = new RateLimit(100, TimeSpan.FromMinutes(1));

    /// <summary>Which headers tell callers of their limits; <c>X-RateLimit-*</c> by default.</summary>
    public RateLimitHeaderStyle Headers { get; set; } = RateLimitHeaderStyle.XRateLimit;

    /// <summary>Whether requests of a valid key that are refused with 403, for a scope or by a policy, or with 429 are charged too; off by default.</summary>
    /// <remarks>A caller that keeps calling while refused then stays refused.</remarks>
    public bool ChargeRejectedRequests { get; set; }
}
