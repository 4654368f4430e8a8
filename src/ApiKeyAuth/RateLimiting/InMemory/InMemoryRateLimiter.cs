using System.Runtime.CompilerServices;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Limits in this process: never more than the limit in any window, exact waits, no timers, no allocation for a check.</summary>
/// <remarks>
/// <para>Time is the monotonic one. State is kept by id until it is equal to fresh, so neither a cache's eviction nor a
/// key's rotation renews it.</para>
/// <para>A check reads without a lock where a refusal is likely; else it enters the key's gate, then the tenant's.</para>
/// </remarks>
public sealed class InMemoryRateLimiter : IApiKeyRateLimiter
{
    private readonly LimiterClock _clock;
    private readonly StateTable _keys;
    private readonly StateTable _tenants;

    /// <summary>Makes a limiter.</summary>
    /// <param name="timeProvider">The clock, of which only the timestamp is read.</param>
    public InMemoryRateLimiter(TimeProvider timeProvider)
    {
        _clock = new LimiterClock(timeProvider);
        _keys = new StateTable(_clock);
        _tenants = new StateTable(_clock);
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
            var (key, tenant) = States(subject);
            var now = _clock.Now;
            if (TryCheckOutside(subject, key, tenant, now, cost, charge, out var decision)
                || TryCheckInside(subject, key, tenant, now, cost, charge, out decision))
            {
                return decision;
            }

            subject.State = null;
        }
    }

    /// <summary>Finds the states, one of which is null where that side has no limits.</summary>
    private (RateLimitState? Key, RateLimitState? Tenant) States(RateLimitSubject subject)
    {
        switch (subject.State)
        {
            case RateLimitState state:
                return subject.TenantWindows.Length == 0 ? (state, null) : (null, state);
            case RateLimitState[] states:
                return (states[0], states[1]);
        }

        var key = subject.KeyWindows.Length > 0 ? _keys.Find(subject.KeyId) : null;
        var tenant = subject.TenantWindows.Length > 0 ? _tenants.Find(subject.TenantId!) : null;
        subject.State = key is not null && tenant is not null ? new[] { key, tenant } : key ?? tenant;
        return (key, tenant);
    }

    /// <summary>Answers what changes no state without entering a gate; false where the gate decides.</summary>
    private static bool TryCheckOutside(
        RateLimitSubject subject, RateLimitState? key, RateLimitState? tenant,
        Moment now, long cost, RateLimitCharge charge, out RateLimitDecision decision)
    {
        var isRefusing = key is { IsRefusing: true } || tenant is { IsRefusing: true };
        if (!isRefusing || charge == RateLimitCharge.Always)
        {
            decision = default;
            return false;
        }

        decision = RateLimitDecision.Unlimited;
        if (key is not null && !key.TryAskOutside(subject.KeyWindows, now, cost, out decision))
        {
            return false;
        }

        if (tenant is not null)
        {
            if (!tenant.TryAskOutside(subject.TenantWindows, now, cost, out var shared))
            {
                return false;
            }

            decision = RateLimitDecision.Stricter(decision, shared with { IsTenantLimit = true });
        }

        return !decision.IsAdmitted;
    }

    /// <summary>Asks, and charges, inside the gates; false where a state was retired before it was entered.</summary>
    private static bool TryCheckInside(
        RateLimitSubject subject, RateLimitState? key, RateLimitState? tenant,
        Moment now, long cost, RateLimitCharge charge, out RateLimitDecision decision)
    {
        using var keyScope = RateLimitState.Enter(key);
        using var tenantScope = RateLimitState.Enter(tenant);
        decision = default;
        if (key is { IsRetired: true } || tenant is { IsRetired: true })
        {
            return false;
        }

        decision = Ask(subject, key, tenant, now, cost);
        if (cost > 0 && (decision.IsAdmitted || charge == RateLimitCharge.Always))
        {
            key?.Charge(subject.KeyWindows, now, cost);
            tenant?.Charge(subject.TenantWindows, now, cost);
            if (!decision.IsAdmitted)
            {
                decision = Ask(subject, key, tenant, now, cost);
            }
        }

        key?.IsRefusing = !decision.IsAdmitted && !decision.IsTenantLimit;
        tenant?.IsRefusing = !decision.IsAdmitted && decision.IsTenantLimit;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static RateLimitDecision Ask(RateLimitSubject subject, RateLimitState? key, RateLimitState? tenant, Moment now, long cost)
    {
        if (tenant is null)
        {
            return key!.Ask(subject.KeyWindows, now, cost);
        }

        var shared = tenant.Ask(subject.TenantWindows, now, cost) with { IsTenantLimit = true };
        return key is null ? shared : RateLimitDecision.Stricter(key.Ask(subject.KeyWindows, now, cost), shared);
    }
}
