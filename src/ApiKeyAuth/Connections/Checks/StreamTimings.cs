using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;

namespace ApiKeyAuth.Connections.Checks;

/// <summary>Provides the intervals at which open connections are checked, in ticks of the clock's timestamps.</summary>
internal sealed class StreamTimings(ApiKeyBackplaneOptions nodes, ApiKeyCacheOptions cache, TimeProvider clock)
{
    /// <summary>Gets the time between two sweeps. A sweep may be late by as much, so every deadline allows for it.</summary>
    public TimeSpan SweepInterval { get; } = nodes.Lease / 4;

    /// <summary>Gets the same in ticks.</summary>
    public long SweepTicks { get; } = ToTicks(nodes.Lease / 4, clock);

    /// <summary>Gets how long a changed key may stay unconfirmed; with the next sweep it is one lease.</summary>
    public long ConfirmationTimeout { get; } = ToTicks(nodes.Lease * 0.75, clock);

    /// <summary>Gets how long a key may stay unconfirmed without the lease; with the sweeps before and after it is one lease.</summary>
    public long HalfLease { get; } = ToTicks(nodes.Lease / 2, clock);

    /// <summary>Gets how long a confirmed key is not read from the store again.</summary>
    public long Lifetime { get; } = ToTicks(Max(cache.KnownKeyLifetime - (nodes.Lease / 4), nodes.Lease / 4), clock);

    /// <summary>Gets how long connections stay open past that while the store is down.</summary>
    public long MaxStaleness { get; } = ToTicks((nodes.Lease / 4) + cache.MaxStaleness, clock);

    /// <summary>Gets the time between two reads of a store that is down.</summary>
    public long RetryDelay { get; } = ToTicks(cache.StoreTimeout, clock);

    private static long ToTicks(TimeSpan time, TimeProvider clock) => (long)(time.TotalSeconds * clock.TimestampFrequency);

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
