namespace ApiKeyAuth.Redis.Connection;

/// <summary>
/// Decides when timeouts mean an outage: at the second timeout in a row, if its call was sent after the first timeout.
/// </summary>
/// <remarks>One timeout may be chance, and timeouts of concurrent calls may have the same cause.</remarks>
internal sealed class TimeoutTracker
{
    private long _firstTimeoutAt;

    /// <summary>Gets a value indicating whether there was a timeout since the last success.</summary>
    public bool HasTimeout => Volatile.Read(ref _firstTimeoutAt) != 0;

    /// <summary>Records a call that completed before its timeout.</summary>
    public void RecordSuccess()
    {
        if (HasTimeout)
        {
            Volatile.Write(ref _firstTimeoutAt, 0);
        }
    }

    /// <summary>Records a timeout.</summary>
    /// <param name="sentAt">The time at which the call was sent, in ticks.</param>
    /// <param name="now">The current time, in ticks.</param>
    /// <returns><see langword="true"/> if it means an outage; otherwise, <see langword="false"/>.</returns>
    public bool RecordTimeout(long sentAt, long now)
    {
        var since = Interlocked.CompareExchange(ref _firstTimeoutAt, Math.Max(1, now), 0);
        return since != 0 && sentAt >= since;
    }
}
