namespace ApiKeyAuth.Tests.Backplane;

/// <summary>The network between a process and a server: late, lossy, cut in one direction or both.</summary>
internal sealed class Link(World world, Process process)
{
    /// <summary>Whether what the process sends is lost.</summary>
    public bool LosesRequests { get; set; }

    /// <summary>Whether what the server answers is lost.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>Whether the process is told at once that it cannot reach the server.</summary>
    public bool Refuses { get; set; }

    /// <summary>The true time until which the server is stopped; what is sent to it waits.</summary>
    public Func<long> StoppedUntil { get; set; } = () => 0;

    public Task<T> CallAsync<T>(Func<T> serve, CancellationToken cancellationToken = default)
    {
        var answer = new TaskCompletionSource<T>();
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        }

        if (Refuses)
        {
            world.After(Delay(), () => Deliver(() => answer.TrySetException(new IOException("refused"))));
        }
        else if (!LosesRequests)
        {
            world.After(Delay(), () => Arrive(serve, answer));
        }

        return answer.Task;
    }

    /// <summary>Brings a hint, or loses it.</summary>
    public void Hint(Action take)
    {
        if (!LosesAnswers && !Refuses && !world.Happens(0.2))
        {
            world.After(Delay(), () => Deliver(take));
        }
    }

    private void Arrive<T>(Func<T> serve, TaskCompletionSource<T> answer)
    {
        if (StoppedUntil() > world.Now)
        {
            world.After(TimeSpan.FromTicks(StoppedUntil() - world.Now), () => Arrive(serve, answer));
            return;
        }

        try
        {
            var served = serve();
            if (!LosesAnswers)
            {
                world.After(Delay(), () => Deliver(() => answer.TrySetResult(served)));
            }
        }
        catch (Exception exception)
        {
            world.After(Delay(), () => Deliver(() => answer.TrySetException(exception)));
        }
    }

    private void Deliver(Action take)
    {
        if (!process.IsDead)
        {
            take();
        }
    }

    private TimeSpan Delay() => world.IsTroubled && world.Happens(0.03) ? world.Between(10, 2_500) : world.Between(0.1, 4);
}
