using System.Globalization;
using System.Runtime.CompilerServices;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.RateLimiting.InMemory;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Represents a key and its tenant with their limits. It is created once per cached key and reused for its requests.</summary>
/// <remarks>A subject belongs to one limiter, which may keep state for it in a <see cref="ConditionalWeakTable{TKey, TValue}"/>.</remarks>
public sealed class RateLimitSubject : IKeyLimits
{
    private readonly LimitPlan _keyPlan;
    private readonly LimitPlan _tenantPlan;

    /// <summary>Initializes a new instance of the <see cref="RateLimitSubject"/> class.</summary>
    /// <param name="keyId">The ID of the key. Subjects with the same ID share one state.</param>
    /// <param name="keyLimits">The limits of the key. Of two with the same window, the smaller one applies.</param>
    /// <param name="tenantId">The ID of the tenant.</param>
    /// <param name="tenantLimits">The limits that all keys of the tenant share.</param>
    /// <exception cref="ArgumentException">The key ID is empty, tenant limits have no tenant, or a limit is <c>default</c>.</exception>
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
            throw new ArgumentException("Tenant limits require a tenant ID.", nameof(tenantId));
        }
    }

    /// <summary>Gets the ID of the key.</summary>
    public string KeyId { get; }

    /// <summary>Gets the limits of the key. Each window length occurs once.</summary>
    public IReadOnlyList<RateLimit> KeyLimits => _keyPlan.Limits;

    /// <summary>Gets the ID of the tenant, or <see langword="null"/> if there is none.</summary>
    public string? TenantId { get; }

    /// <summary>Gets the limits that all keys of the tenant share. Each window length occurs once.</summary>
    public IReadOnlyList<RateLimit> TenantLimits => _tenantPlan.Limits;

    /// <summary>Gets a value indicating whether neither the key nor the tenant has limits.</summary>
    public bool IsUnlimited => KeyWindows.Length == 0 && TenantWindows.Length == 0;

    /// <summary>Gets or sets the state of the key in the in-memory limiter, which saves a lookup by ID on every check.</summary>
    internal RateLimitState? KeyState { get; set; }

    /// <summary>Gets or sets the state of the tenant in the in-memory limiter.</summary>
    internal RateLimitState? TenantState { get; set; }

    internal LimitWindow[] KeyWindows => _keyPlan.Windows;

    internal LimitWindow[] TenantWindows => _tenantPlan.Windows;

    /// <summary>Formats the permits of one of the limits as a header value.</summary>
    internal string FormatPermits(RateLimit limit) =>
        FormatPermits(KeyWindows, limit)
        ?? FormatPermits(TenantWindows, limit)
        ?? limit.Permits.ToString(CultureInfo.InvariantCulture);

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
