namespace ApiKeyAuth.Redis.Connection;

/// <summary>Measures waits by the time in which this process ran, so that its own pauses do not count as a slow server.</summary>
/// <remarks>
/// A wait consists of short slices. A slice whose timer fires late (garbage collection, JIT, a busy CPU, a CPU quota) counts only with
/// its length. So a reply that arrived during a pause is still read in the remaining slices.
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

    /// <summary>Converts a time to the running time of this process at that moment, in ticks.</summary>
    public long ToRunningTime(long now) => now - Volatile.Read(ref _stalledTicks);

    /// <summary>Records the end of a slice and, if its timer fired late, the pause.</summary>
    /// <param name="dueAt">The time at which the timer of the slice should have fired, in ticks.</param>
    public void RecordSliceEnd(long dueAt)
    {
        var now = Now;
        if (now - dueAt > Slice.Ticks / SlicesPerTimeout)
        {
            lock (_lock)
            {
                // Concurrent waits observe the same pause, which counts once.
                var from = Math.Max(dueAt, _recordedUntil);
                if (now > from)
                {
                    Volatile.Write(ref _stalledTicks, _stalledTicks + now - from);
                    _recordedUntil = now;
                }
            }
        }
    }

    /// <summary>Waits for a task, with a timeout in running time of this process.</summary>
    /// <exception cref="TimeoutException">The task did not complete before the timeout.</exception>
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
