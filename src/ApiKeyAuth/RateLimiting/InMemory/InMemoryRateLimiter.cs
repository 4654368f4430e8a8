using System.Runtime.CompilerServices;

namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>Represents a rate limiter in the memory of this process. No window ever admits more than its limit.</summary>
/// <remarks>
/// <para>State is kept by ID until it is equal to a new one, so a cache eviction or a rotation does not reset it.</para>
/// <para>If a rejection is likely, a check reads the state without a lock. Otherwise it locks the key's state, then the tenant's.</para>
/// </remarks>
public sealed class InMemoryRateLimiter : IApiKeyRateLimiter
{
    private readonly LimiterClock _clock;
    private readonly RateLimitStateTable _keys;
    private readonly RateLimitStateTable _tenants;

    /// <summary>Initializes a new instance of the <see cref="InMemoryRateLimiter"/> class.</summary>
    /// <param name="timeProvider">The time provider. Only its monotonic timestamp is used.</param>
    public InMemoryRateLimiter(TimeProvider timeProvider)
    {
        _clock = new LimiterClock(timeProvider);
        _keys = new RateLimitStateTable(_clock);
        _tenants = new RateLimitStateTable(_clock);
    }

    /// <summary>Gets the number of keys and tenants that the limiter holds state for.</summary>
    internal int StateCount => _keys.Count + _tenants.Count;

    /// <inheritdoc/>
    /// <remarks>Always completes synchronously.</remarks>
    public ValueTask<RateLimitDecision> CheckAsync(
        RateLimitSubject subject, long cost, RateLimitCharge charge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        return new(subject.IsUnlimited ? RateLimitDecision.Unlimited : Check(subject, cost, charge));
    }

    private RateLimitDecision Check(RateLimitSubject subject, long cost, RateLimitCharge charge)
    {
        while (true)
        {
            // The states are loaded first: reading the clock delays later loads, and a key's state is rarely in the CPU's cache.
            var (key, tenant) = GetStates(subject);
            var now = _clock.Now;
            if (TryCheckLockFree(subject, key, tenant, now, cost, charge, out var decision)
                || TryCheckLocked(subject, key, tenant, now, cost, charge, out decision))
            {
                return decision;
            }

            (subject.KeyState, subject.TenantState) = (null, null);
        }
    }

    /// <summary>Gets the states. One is <see langword="null"/> if the key or the tenant has no limits.</summary>
    private (RateLimitState? Key, RateLimitState? Tenant) GetStates(RateLimitSubject subject)
    {
        var (key, tenant) = (subject.KeyState, subject.TenantState);
        if (key is null && subject.KeyWindows.Length > 0)
        {
            subject.KeyState = key = _keys.GetOrAdd(subject.KeyId);
        }

        if (tenant is null && subject.TenantWindows.Length > 0)
        {
            subject.TenantState = tenant = _tenants.GetOrAdd(subject.TenantId!);
        }

        return (key, tenant);
    }

    /// <summary>Rejects without a lock. Returns <see langword="false"/> if the lock is needed to decide.</summary>
    private static bool TryCheckLockFree(
        RateLimitSubject subject, RateLimitState? key, RateLimitState? tenant,
        ClockReading now, long cost, RateLimitCharge charge, out RateLimitDecision decision)
    {
        var isRejecting = key is { IsRejecting: true } || tenant is { IsRejecting: true };
        if (!isRejecting || charge == RateLimitCharge.Always)
        {
            decision = default;
            return false;
        }

        decision = RateLimitDecision.Unlimited;
        if (key is not null && !key.TryEvaluateLockFree(subject.KeyWindows, now, cost, out decision))
        {
            return false;
        }

        if (tenant is not null)
        {
            if (!tenant.TryEvaluateLockFree(subject.TenantWindows, now, cost, out var shared))
            {
                return false;
            }

            decision = RateLimitDecision.Combine(decision, shared with { IsTenantLimit = true });
        }

        return !decision.IsAdmitted;
    }

    /// <summary>
    /// Checks and charges inside the locks. Returns <see langword="false"/> if a state was retired before it was locked.
    /// </summary>
    private static bool TryCheckLocked(
        RateLimitSubject subject, RateLimitState? key, RateLimitState? tenant,
        ClockReading now, long cost, RateLimitCharge charge, out RateLimitDecision decision)
    {
        using var keyScope = RateLimitState.Enter(key);
        using var tenantScope = RateLimitState.Enter(tenant);
        decision = default;
        if (key is { IsRetired: true } || tenant is { IsRetired: true })
        {
            return false;
        }

        decision = Evaluate(subject, key, tenant, now, cost);
        if (cost > 0 && (decision.IsAdmitted || charge == RateLimitCharge.Always))
        {
            key?.Charge(subject.KeyWindows, now, cost);
            tenant?.Charge(subject.TenantWindows, now, cost);
            if (!decision.IsAdmitted)
            {
                decision = Evaluate(subject, key, tenant, now, cost);
            }
        }

        key?.IsRejecting = !decision.IsAdmitted && !decision.IsTenantLimit;
        tenant?.IsRejecting = !decision.IsAdmitted && decision.IsTenantLimit;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static RateLimitDecision Evaluate(
        RateLimitSubject subject, RateLimitState? key, RateLimitState? tenant, ClockReading now, long cost)
    {
        if (tenant is null)
        {
            return key!.Evaluate(subject.KeyWindows, now, cost);
        }

        var shared = tenant.Evaluate(subject.TenantWindows, now, cost) with { IsTenantLimit = true };
        return key is null ? shared : RateLimitDecision.Combine(key.Evaluate(subject.KeyWindows, now, cost), shared);
    }
}
