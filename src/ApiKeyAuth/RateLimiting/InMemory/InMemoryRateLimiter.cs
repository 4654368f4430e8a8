using System.Runtime.CompilerServices;

namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>Limits in this process: never more than the limit in any window, exact waits, no timers, no allocation for a check.</summary>
/// <remarks>
/// <para>Time is the monotonic one. State is kept by id until it is equal to fresh, so neither a cache's eviction nor a
/// key's rotation renews it.</para>
/// <para>A check reads without a lock where a refusal is likely; else it enters the key's gate, then the tenant's.</para>
/// </remarks>
public sealed class InMemoryRateLimiter : IApiKeyRateLimiter
{
    private readonly LimiterClock _clock;
    private readonly RateLimitStateTable _keys;
    private readonly RateLimitStateTable _tenants;

    /// <summary>Makes a limiter.</summary>
    /// <param name="timeProvider">The clock, of which only the timestamp is read.</param>
    public InMemoryRateLimiter(TimeProvider timeProvider)
    {
        _clock = new LimiterClock(timeProvider);
        _keys = new RateLimitStateTable(_clock);
        _tenants = new RateLimitStateTable(_clock);
    }

    /// <summary>How many keys and tenants the limiter holds state for.</summary>
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
            // The states before the clock: reading it holds up later loads, and a key's state is seldom in the CPU's cache.
            var (key, tenant) = GetStates(subject);
            var now = _clock.Now;
            if (TryCheckLockFree(subject, key, tenant, now, cost, charge, out var decision)
                || TryCheckLocked(subject, key, tenant, now, cost, charge, out decision))
            {
                return decision;
            }

            subject.State = null;
        }
    }

    /// <summary>Finds the states, one of which is null where that side has no limits.</summary>
    private (RateLimitState? Key, RateLimitState? Tenant) GetStates(RateLimitSubject subject)
    {
        switch (subject.State)
        {
            case RateLimitState state:
                return subject.TenantWindows.Length == 0 ? (state, null) : (null, state);
            case RateLimitState[] states:
                return (states[0], states[1]);
        }

        var key = subject.KeyWindows.Length > 0 ? _keys.GetOrAdd(subject.KeyId) : null;
        var tenant = subject.TenantWindows.Length > 0 ? _tenants.GetOrAdd(subject.TenantId!) : null;
        subject.State = key is not null && tenant is not null ? new[] { key, tenant } : key ?? tenant;
        return (key, tenant);
    }

    /// <summary>Answers what changes no state without entering a gate; false where the gate decides.</summary>
    private static bool TryCheckLockFree(
        RateLimitSubject subject, RateLimitState? key, RateLimitState? tenant,
        ClockReading now, long cost, RateLimitCharge charge, out RateLimitDecision decision)
    {
        var isRefusing = key is { IsRejecting: true } || tenant is { IsRejecting: true };
        if (!isRefusing || charge == RateLimitCharge.Always)
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

    /// <summary>Asks, and charges, inside the gates; false where a state was retired before it was entered.</summary>
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
    private static RateLimitDecision Evaluate(RateLimitSubject subject, RateLimitState? key, RateLimitState? tenant, ClockReading now, long cost)
    {
        if (tenant is null)
        {
            return key!.Evaluate(subject.KeyWindows, now, cost);
        }

        var shared = tenant.Evaluate(subject.TenantWindows, now, cost) with { IsTenantLimit = true };
        return key is null ? shared : RateLimitDecision.Combine(key.Evaluate(subject.KeyWindows, now, cost), shared);
    }
}
