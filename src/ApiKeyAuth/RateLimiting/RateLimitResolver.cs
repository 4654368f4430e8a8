using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.RateLimiting;

/// <summary>
/// Resolves the limits of a key: its own, or those of its scopes, or the default. The limits of its tenant apply in addition.
/// </summary>
internal sealed class RateLimitResolver(ScopeCatalog catalog, ApiKeyRateLimitOptions options)
{
    /// <summary>Gets the subject of a key. It is created once and stored with the cached key.</summary>
    public RateLimitSubject Resolve(VerifiedApiKey verified)
    {
        if (verified.Limits is not RateLimitSubject subject)
        {
            subject = CreateSubject(verified.Key);
            verified.Limits = subject;
        }

        return subject;
    }

    private RateLimitSubject CreateSubject(ApiKey key) => new(key.Id, GetKeyLimits(key), key.TenantId, GetTenantLimits(key.TenantId));

    /// <summary>Gets the limits of a key, without those of its tenant.</summary>
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
