namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Represents the network between a process and a server, which can delay and lose messages in one or both directions.</summary>
internal sealed class NetworkLink(SimulatedWorld world, SimulatedProcess process)
{
    /// <summary>Gets or sets whether requests are lost.</summary>
    public bool LosesRequests { get; set; }

    /// <summary>Gets or sets whether responses are lost.</summary>
    public bool LosesResponses { get; set; }

    /// <summary>Gets or sets whether connections are refused.</summary>
    public bool RefusesConnections { get; set; }

    /// <summary>Gets or sets the true time until which the server is suspended. Requests wait.</summary>
    public Func<long> StoppedUntil { get; set; } = () => 0;

    public Task<T> CallAsync<T>(Func<T> handle, CancellationToken cancellationToken = default)
    {
        var response = new TaskCompletionSource<T>();
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() => response.TrySetCanceled(cancellationToken));
        }

        if (RefusesConnections)
        {
            world.After(Delay(), () => Deliver(() => response.TrySetException(new IOException("refused"))));
        }
        else if (!LosesRequests)
        {
            world.After(Delay(), () => Arrive(handle, response));
        }

        return response.Task;
    }

    /// <summary>Delivers or loses a notification.</summary>
    public void Notify(Action deliver)
    {
        if (!LosesResponses && !RefusesConnections && !world.Happens(0.2))
        {
            world.After(Delay(), () => Deliver(deliver));
        }
    }

    private void Arrive<T>(Func<T> handle, TaskCompletionSource<T> response)
    {
        if (StoppedUntil() > world.Now)
        {
            world.After(TimeSpan.FromTicks(StoppedUntil() - world.Now), () => Arrive(handle, response));
            return;
        }

        try
        {
            var result = handle();
            if (!LosesResponses)
            {
                world.After(Delay(), () => Deliver(() => response.TrySetResult(result)));
            }
        }
        catch (Exception exception)
        {
            world.After(Delay(), () => Deliver(() => response.TrySetException(exception)));
        }
    }

    private void Deliver(Action deliver)
    {
        if (!process.IsDead)
        {
            deliver();
        }
    }

    private TimeSpan Delay() => world.IsTroubled && world.Happens(0.03) ? world.Between(10, 2_500) : world.Between(0.1, 4);
}
