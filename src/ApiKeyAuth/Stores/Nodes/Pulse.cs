namespace ApiKeyAuth.Stores;

/// <summary>Wakes all who wait for it. Whoever takes <see cref="Next"/> before he looks at what he waits for misses none.</summary>
internal sealed class Pulse(TimeProvider clock)
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes with the next pulse from now on.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Raise() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>Waits for a pulse for a bounded time.</summary>
    public async Task WaitAsync(Task pulse, TimeSpan atMost, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (atMost <= TimeSpan.Zero)
        {
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(pulse, Task.Delay(atMost, clock, end.Token));
        end.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
