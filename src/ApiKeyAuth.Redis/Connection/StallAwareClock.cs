namespace ApiKeyAuth.Redis.Connection;

/// <summary>Measures waits by the time in which this process ran, so that its own pauses are not taken for a slow server.</summary>
/// <remarks>
/// A wait is made of short slices. A slice whose timer fires late (garbage collection, JIT, a busy CPU, a CPU quota) counts no more than
/// its length: after a pause, an answer that has arrived meanwhile still gets the slices that are left to be read.
/// </remarks>
internal sealed class StallAwareClock(ApiKeyRedisOptions options, TimeProvider time)
{
    private const int SlicesPerTimeout = 4;

    private static readonly TimeSpan MinSlice = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxSlice = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly long _origin = time.GetTimestamp();
    private long _stalledTicks;
    private long _recordedUntil;

    /// <summary>Gets a monotonic time in ticks.</summary>
    public long Now => time.GetElapsedTime(_origin).Ticks;

    /// <summary>Gets the length of a slice of a wait.</summary>
    public TimeSpan Slice { get; } = TimeSpan.FromTicks(
        Math.Clamp(options.Timeout.Ticks / SlicesPerTimeout, MinSlice.Ticks, MaxSlice.Ticks));

    /// <summary>Converts a time to the time this process has run until then, in ticks.</summary>
    public long ToRunningTime(long now) => now - Volatile.Read(ref _stalledTicks);

    /// <summary>Notes that a slice is over, and whether it took longer than it should.</summary>
    /// <param name="dueAt">The time at which its timer should have fired, in ticks.</param>
    public void RecordSliceEnd(long dueAt)
    {
        var now = Now;
        if (now - dueAt > Slice.Ticks / SlicesPerTimeout)
        {
            lock (_lock)
            {
                // Waits at the same time see the same pause, which counts once.
                var from = Math.Max(dueAt, _recordedUntil);
                if (now > from)
                {
                    Volatile.Write(ref _stalledTicks, _stalledTicks + now - from);
                    _recordedUntil = now;
                }
            }
        }
    }

    /// <summary>Waits for a task as long as this process has run for a time.</summary>
    /// <exception cref="TimeoutException">It did not complete in that time.</exception>
    public async Task<T> WaitAsync<T>(Task<T> task, TimeSpan timeout)
    {
        for (var left = timeout; !task.IsCompleted && left > TimeSpan.Zero; left -= Slice)
        {
            var slice = left < Slice ? left : Slice;
            var due = Now + slice.Ticks;
            await ((Task)task.WaitAsync(slice, time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            RecordSliceEnd(due);
        }

        if (!task.IsCompleted)
        {
            TaskExceptionObserver.Observe(task);
            throw new TimeoutException();
        }

        return await task;
    }
}
