using System.Globalization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting.InMemory;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Who is limited, by what; made once for a key's record and reused for its requests.</summary>
/// <remarks>A subject belongs to one limiter, which may keep its own state on it.</remarks>
public sealed class RateLimitSubject
{
    private readonly LimitPlan _keyPlan;
    private readonly LimitPlan _tenantPlan;

    /// <summary>Makes a subject.</summary>
    /// <param name="keyId">The key's stable id: subjects with one id share one state.</param>
    /// <param name="keyLimits">The key's limits; of two with the same window the smaller counts.</param>
    /// <param name="tenantId">The tenant, whose keys share its limits.</param>
    /// <param name="tenantLimits">The tenant's limits.</param>
    /// <exception cref="ArgumentException">The key id is empty, tenant limits have no tenant, or a limit is <c>default</c>.</exception>
    public RateLimitSubject(
        string keyId,
        IReadOnlyList<RateLimit> keyLimits,
        string? tenantId = null,
        IReadOnlyList<RateLimit>? tenantLimits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        ArgumentNullException.ThrowIfNull(keyLimits);
        KeyId = keyId;
        TenantId = tenantId;
        _keyPlan = LimitPlan.GetOrCreate(keyLimits);
        _tenantPlan = LimitPlan.GetOrCreate(tenantLimits ?? []);
        if (TenantLimits.Count > 0 && string.IsNullOrEmpty(tenantId))
        {
            throw new ArgumentException("Tenant limits need a tenant id.", nameof(tenantId));
        }
    }

    /// <summary>The key's stable id.</summary>
    public string KeyId { get; }

    /// <summary>The key's limits as they were when the subject was made, each window once.</summary>
    public IReadOnlyList<RateLimit> KeyLimits => _keyPlan.Limits;

    /// <summary>The tenant's id, where there is one.</summary>
    public string? TenantId { get; }

    /// <summary>The limits that all keys of the tenant share, each window once.</summary>
    public IReadOnlyList<RateLimit> TenantLimits => _tenantPlan.Limits;

    /// <summary>Whether there is no limit at all.</summary>
    public bool IsUnlimited => KeyWindows.Length == 0 && TenantWindows.Length == 0;

    /// <summary>Whatever the limiter keeps here to save a look-up by id on every check.</summary>
    public object? State { get; set; }

    internal LimitWindow[] KeyWindows => _keyPlan.Windows;

    internal LimitWindow[] TenantWindows => _tenantPlan.Windows;

    /// <summary>The permits of one of the limits as a header tells them.</summary>
    internal string FormatPermits(RateLimit limit) => FormatPermits(KeyWindows, limit) ?? FormatPermits(TenantWindows, limit) ?? limit.Permits.ToString(CultureInfo.InvariantCulture);

    private static string? FormatPermits(LimitWindow[] windows, RateLimit limit)
    {
        foreach (ref readonly var window in windows.AsSpan())
        {
            if (window.Limit == limit)
            {
                return window.PermitsText;
            }
        }

        return null;
    }
}
