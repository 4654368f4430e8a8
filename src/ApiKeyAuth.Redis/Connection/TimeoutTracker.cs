namespace ApiKeyAuth.Redis.Connection;

/// <summary>
/// Decides which late call is an outage: the second one in a row, of which the later was sent after the earlier was found to be late.
/// </summary>
/// <remarks>One late call may be chance, and calls that were under way together tell no more than one.</remarks>
internal sealed class TimeoutTracker
{
    private long _firstTimeoutAt;

    /// <summary>Gets whether the last call that counts was late.</summary>
    public bool HasTimeout => Volatile.Read(ref _firstTimeoutAt) != 0;

    /// <summary>Notes a call that was answered in time.</summary>
    public void RecordSuccess()
    {
        if (HasTimeout)
        {
            Volatile.Write(ref _firstTimeoutAt, 0);
        }
    }

    /// <summary>Notes a late call.</summary>
    /// <param name="sentAt">The time it was sent, in ticks.</param>
    /// <param name="now">The time, in ticks.</param>
    /// <returns><see langword="true"/> if it is the second one.</returns>
    public bool RecordTimeout(long sentAt, long now)
    {
        var since = Interlocked.CompareExchange(ref _firstTimeoutAt, Math.Max(1, now), 0);
        return since != 0 && sentAt >= since;
    }
}
