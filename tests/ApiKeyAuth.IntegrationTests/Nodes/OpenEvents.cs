namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Represents a response that a node writes continuously and that is read to its end.</summary>
internal sealed class OpenEvents : IDisposable
{
    private readonly HttpResponseMessage _response;
    private int _arrived;

    public OpenEvents(HttpResponseMessage response)
    {
        _response = response.EnsureSuccessStatusCode();
        Closed = ReadAsync();
    }

    /// <summary>Gets a task that completes when the node has ended the response.</summary>
    public Task Closed { get; }

    /// <summary>Gets the number of received events.</summary>
    public int Arrived => Volatile.Read(ref _arrived);

    public void Dispose() => _response.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            using var reader = new StreamReader(await _response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is not null)
            {
                Interlocked.Increment(ref _arrived);
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or ObjectDisposedException)
        {
            // The node aborted the response.
        }
    }
}
