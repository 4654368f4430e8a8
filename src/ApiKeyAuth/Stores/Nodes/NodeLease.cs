namespace ApiKeyAuth.Stores;

/// <summary>Until when this node may answer from its cache: always, where there is no bus.</summary>
internal class NodeLease
{
    /// <summary>What two clocks may differ by over a lease, both ways together, is a twentieth of it; clocks of machines do by a thousandth.</summary>
    private const int Margin = 20;

    private readonly long _ticks;
    private readonly Lock _gate = new();
    private long _until = long.MaxValue;
    private bool _isOver;

    /// <summary>Makes one that is held for ever.</summary>
    public NodeLease()
    {
    }

    /// <summary>Makes one that is held only once a beat was answered.</summary>
    public NodeLease(TimeSpan lease, TimeProvider clock)
    {
        _ticks = (long)((lease - (lease / Margin)).TotalSeconds * clock.TimestampFrequency);
        _until = long.MinValue;
    }

    /// <summary>The end, in the clock's timestamps.</summary>
    public long Until => Volatile.Read(ref _until);

    /// <summary>Whether what is remembered may be used.</summary>
    public virtual bool IsHeld(long now) => now < Volatile.Read(ref _until);

    /// <summary>Prolongs it, counted from when the beat was sent: the bus may have answered it before any change since.</summary>
    public virtual void Renew(long sentAt)
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                Volatile.Write(ref _until, sentAt + _ticks);
            }
        }
    }

    /// <summary>Ends it for good: a beat that is answered after this node left the list must not bring it back.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            Volatile.Write(ref _until, long.MinValue);
        }
    }
}
