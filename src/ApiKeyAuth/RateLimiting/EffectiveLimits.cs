using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Settles which limits hold for a key: its own, else those of its scopes, else the default; and those of its tenant.</summary>
internal sealed class EffectiveLimits(ScopeCatalogue catalogue, ApiKeyRateLimitOptions options)
{
    /// <summary>Settles it once for a record, which keeps the answer for the requests that follow.</summary>
    public RateLimitSubject Of(VerifiedApiKey verified)
    {
        if (verified.Limits is not RateLimitSubject subject)
        {
            subject = Settle(verified.Key);
            verified.Limits = subject;
        }

        return subject;
    }

    private RateLimitSubject Settle(ApiKey key) => new(key.Id, OfKey(key), key.TenantId, OfTenant(key.TenantId));

    /// <summary>The limits of a key alone, without its tenant's.</summary>
    public IReadOnlyList<RateLimit> OfKey(ApiKey key)
    {
        if (key.RateLimits.Count > 0)
        {
            return key.RateLimits;
        }

        var ofScopes = catalogue.DefaultRateLimits(key.Scopes);
        return ofScopes.Count > 0 ? ofScopes : options.Default;
    }

    private IReadOnlyList<RateLimit> OfTenant(string? tenant) =>
        tenant is null ? [] : options.Tenants.TryGetValue(tenant, out var own) ? own : options.PerTenant;
}
