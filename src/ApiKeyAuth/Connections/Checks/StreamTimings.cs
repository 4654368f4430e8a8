using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;

namespace ApiKeyAuth.Connections.Checks;

/// <summary>Provides the intervals for checks of open connections, in ticks of the clock's timestamps.</summary>
internal sealed class StreamTimings(ApiKeyBackplaneOptions backplane, ApiKeyCacheOptions cache, TimeProvider clock)
{
    /// <summary>Gets the time between two sweeps. A sweep may be late by the same time, which every deadline allows for.</summary>
    public TimeSpan SweepInterval { get; } = backplane.Lease / 4;

    /// <summary>Gets <see cref="SweepInterval"/> in ticks.</summary>
    public long SweepTicks { get; } = ToTicks(backplane.Lease / 4, clock);

    /// <summary>Gets how long a changed key may stay unconfirmed. Together with the next sweep this is one lease.</summary>
    public long ConfirmationTimeout { get; } = ToTicks(backplane.Lease * 0.75, clock);

    /// <summary>
    /// Gets how long a key may stay unconfirmed without the lease. Together with the sweeps before and after this is one lease.
    /// </summary>
    public long HalfLease { get; } = ToTicks(backplane.Lease / 2, clock);

    /// <summary>Gets the time until a confirmed key is read from the store again.</summary>
    public long Lifetime { get; } = ToTicks(Max(cache.KnownKeyLifetime - (backplane.Lease / 4), backplane.Lease / 4), clock);

    /// <summary>Gets how much longer connections stay open while the store is unavailable.</summary>
    public long MaxStaleness { get; } = ToTicks((backplane.Lease / 4) + cache.MaxStaleness, clock);

    /// <summary>Gets the time between two attempts to read from an unavailable store.</summary>
    public long RetryDelay { get; } = ToTicks(cache.StoreTimeout, clock);

    private static long ToTicks(TimeSpan time, TimeProvider clock) => (long)(time.TotalSeconds * clock.TimestampFrequency);

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
