namespace ApiKeyAuth.Backplane;

/// <summary>Represents a signal that resumes all waiting tasks.</summary>
/// <remarks>Get <see cref="Next"/> before checking the condition to wait for, so that no signal is missed.</remarks>
internal sealed class AsyncSignal(TimeProvider clock, TaskScheduler scheduler)
{
    private TaskCompletionSource _next = new();

    /// <summary>Gets a task that completes when the signal is next raised.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Raises the signal. Continuations run in another task, because the caller may be the reader of a connection.</summary>
    public void Raise()
    {
        var waiting = Interlocked.Exchange(ref _next, new TaskCompletionSource());
        Task.Factory.StartNew(waiting.SetResult, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
    }

    /// <summary>Waits for the signal or a timeout.</summary>
    public async Task WaitAsync(Task signal, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (timeout <= TimeSpan.Zero)
        {
            return;
        }

        // Task.Delay truncates to whole milliseconds, so the last fraction of one would be a busy loop.
        var delay = TimeSpan.FromMilliseconds(Math.Ceiling(timeout.TotalMilliseconds));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(signal, Task.Delay(delay, clock, end.Token));
        end.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
