namespace ApiKeyAuth.Caching;

/// <summary>Until when this node may answer from its cache: always, where there is no bus.</summary>
internal class CacheLease
{
    /// <summary>What two clocks may differ by over a lease, both ways together, is a twentieth of it; clocks of machines do by a thousandth.</summary>
    private const int ClockMarginDivisor = 20;

    private readonly long _durationTicks;
    private readonly Lock _gate = new();
    private long _expiresAt = long.MaxValue;
    private bool _isReleased;

    /// <summary>Makes one that is held for ever.</summary>
    public CacheLease()
    {
    }

    /// <summary>Makes one that is held only once a beat was answered.</summary>
    public CacheLease(TimeSpan lease, TimeProvider clock)
    {
        _durationTicks = (long)((lease - (lease / ClockMarginDivisor)).TotalSeconds * clock.TimestampFrequency);
        _expiresAt = long.MinValue;
    }

    /// <summary>The end, in the clock's timestamps.</summary>
    public long ExpiresAt => Volatile.Read(ref _expiresAt);

    /// <summary>Whether what is remembered may be used.</summary>
    public virtual bool IsHeld(long now) => now < Volatile.Read(ref _expiresAt);

    /// <summary>Prolongs it, counted from when the beat was sent: the bus may have answered it before any change since.</summary>
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

    /// <summary>Ends it for good: a beat that is answered after this node left the list must not bring it back.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _isReleased = true;
            Volatile.Write(ref _expiresAt, long.MinValue);
        }
    }
}
