namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>Represents a Garnet server in the tests' own process.</summary>
internal sealed class GarnetServer : IDisposable
{
    private readonly Garnet.GarnetServer _server;

    /// <summary>Starts a server.</summary>
    /// <param name="arguments">More settings. Without <c>--lua-transaction-mode</c>, its scripts run concurrently.</param>
    public GarnetServer(params string[] arguments)
    {
        var port = FreePort.Find();
        ConnectionString = $"127.0.0.1:{port}";
        _server = new Garnet.GarnetServer(
            [
                "--bind", "127.0.0.1", "--port", $"{port}", "--lua", "-q", "--memory", "16m", "--index", "1m", "--page", "1m",
                "--segment", "4m", "--logger-level", "Error", .. arguments,
            ]);
        _server.Start();
    }

    public string ConnectionString { get; }

    public void Dispose() => _server.Dispose();
}
