namespace ApiKeyAuth.Backplane;

/// <summary>Wakes all who wait for it. Whoever takes <see cref="Next"/> before he looks at what he waits for misses none.</summary>
internal sealed class AsyncSignal(TimeProvider clock, TaskScheduler scheduler)
{
    private TaskCompletionSource _next = new();

    /// <summary>Completes with the next pulse from now on.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Wakes them apart from the caller, who may be the one thread that reads from a connection.</summary>
    public void Raise()
    {
        var waiting = Interlocked.Exchange(ref _next, new TaskCompletionSource());
        Task.Factory.StartNew(waiting.SetResult, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
    }

    /// <summary>Waits for a pulse for a bounded time.</summary>
    public async Task WaitAsync(Task signal, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (timeout <= TimeSpan.Zero)
        {
            return;
        }

        // A delay is cut to whole milliseconds: of a part of one it would be none, and whoever waits for the last part would go round in circles.
        var delay = TimeSpan.FromMilliseconds(Math.Ceiling(timeout.TotalMilliseconds));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(signal, Task.Delay(delay, clock, end.Token));
        end.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
