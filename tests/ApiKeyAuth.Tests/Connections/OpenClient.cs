namespace ApiKeyAuth.Tests.Connections;

/// <summary>Represents the client side of an open connection.</summary>
/// <param name="exchange">Completes once the server has responded on the connection. Fails if the connection has ended.</param>
/// <param name="closed">Completes once the server has ended the connection.</param>
/// <param name="dispose">Closes the connection.</param>
internal sealed class OpenClient(Func<Task> exchange, Task closed, Func<ValueTask> dispose) : IAsyncDisposable
{
    /// <summary>Gets a task that completes once the server has ended the connection.</summary>
    public Task Closed { get; } = closed;

    /// <summary>Checks that the server still responds on the connection.</summary>
    public async Task ExchangeAsync()
    {
        var exchanged = exchange();
        await Task.WhenAny(exchanged, Closed).WaitAsync(Eventually.Deadline);
        await (exchanged.IsCompleted ? exchanged : throw new IOException("The connection has ended."));
    }

    public ValueTask DisposeAsync() => dispose();
}
