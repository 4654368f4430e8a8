namespace ApiKeyAuth.Caching;

/// <summary>Represents the time until which this node may answer from its cache. Without a backplane, it never ends.</summary>
internal class CacheLease
{
    /// <summary>The lease is shortened by a twentieth, because clocks drift. Clocks of machines drift by less than a thousandth.</summary>
    private const int ClockMarginDivisor = 20;

    private readonly long _durationTicks;
    private readonly Lock _gate = new();
    private long _expiresAt = long.MaxValue;
    private bool _isReleased;

    /// <summary>Initializes a lease that is always held.</summary>
    public CacheLease()
    {
    }

    /// <summary>Initializes a lease that is held from the first answered heartbeat.</summary>
    public CacheLease(TimeSpan lease, TimeProvider clock)
    {
        _durationTicks = (long)((lease - (lease / ClockMarginDivisor)).TotalSeconds * clock.TimestampFrequency);
        _expiresAt = long.MinValue;
    }

    /// <summary>Gets the timestamp at which the lease expires.</summary>
    public long ExpiresAt => Volatile.Read(ref _expiresAt);

    /// <summary>Determines whether cached keys may be served.</summary>
    public virtual bool IsHeld(long now) => now < Volatile.Read(ref _expiresAt);

    /// <summary>
    /// Renews the lease from the time the heartbeat was sent, because changes made since then may be missing in its response.
    /// </summary>
    public virtual void Renew(long sentAt)
    {
        lock (_gate)
        {
            if (!_isReleased)
            {
                Volatile.Write(ref _expiresAt, sentAt + _durationTicks);
            }
        }
    }

    /// <summary>Ends the lease permanently, so that a late heartbeat response cannot renew it after the node has left.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _isReleased = true;
            Volatile.Write(ref _expiresAt, long.MinValue);
        }
    }
}
