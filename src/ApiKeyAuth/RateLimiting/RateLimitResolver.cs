using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Settles which limits hold for a key: its own, else those of its scopes, else the default; and those of its tenant.</summary>
internal sealed class RateLimitResolver(ScopeCatalog catalog, ApiKeyRateLimitOptions options)
{
    /// <summary>Settles it once for a record, which keeps the answer for the requests that follow.</summary>
    public RateLimitSubject Resolve(VerifiedApiKey verified)
    {
        if (verified.LimitState is not RateLimitSubject subject)
        {
            subject = CreateSubject(verified.Key);
            verified.LimitState = subject;
        }

        return subject;
    }

    private RateLimitSubject CreateSubject(ApiKey key) => new(key.Id, GetKeyLimits(key), key.TenantId, GetTenantLimits(key.TenantId));

    /// <summary>The limits of a key alone, without its tenant's.</summary>
    public IReadOnlyList<RateLimit> GetKeyLimits(ApiKey key)
    {
        if (key.RateLimits.Count > 0)
        {
            return key.RateLimits;
        }

        var ofScopes = catalog.DefaultRateLimits(key.Scopes);
        return ofScopes.Count > 0 ? ofScopes : options.Default;
    }

    private IReadOnlyList<RateLimit> GetTenantLimits(string? tenant) =>
        tenant is null ? [] : options.Tenants.TryGetValue(tenant, out var own) ? own : options.PerTenant;
}
