using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents the limits that apply to a key, and what is left of the scarcest one.</summary>
internal sealed record KeyLimits
{
    /// <summary>Gets the limits, which are those of the scopes or of the app if the key has none of its own.</summary>
    public required IReadOnlyList<RateLimit> Limits { get; init; }

    /// <summary>Gets what is left, or null without a limit, or if the limiter is not available.</summary>
    public RateLimitDecision? Current { get; init; }

    /// <summary>Reads the limits. A check without a cost charges nothing.</summary>
    public static async Task<KeyLimits> ReadAsync(
        ApiKey key, ScopeCatalog catalog, ApiKeyRateLimitOptions options, IApiKeyRateLimiter limiter, CancellationToken cancellationToken)
    {
        var limits = key.RateLimits.Count > 0 ? key.RateLimits : catalog.DefaultRateLimits(key.Scopes);
        limits = limits.Count > 0 ? limits : options.Default;
        var shared = key.TenantId is not { } tenant ? [] : options.Tenants.TryGetValue(tenant, out var own) ? own : options.PerTenant;
        var subject = new RateLimitSubject(key.Id, limits, key.TenantId, shared);
        if (subject.IsUnlimited)
        {
            return new KeyLimits { Limits = limits };
        }

        var decision = await limiter.CheckAsync(subject, cost: 0, RateLimitCharge.IfAdmitted, cancellationToken);
        return new KeyLimits { Limits = limits, Current = decision.IsUnavailable ? null : decision };
    }
}
