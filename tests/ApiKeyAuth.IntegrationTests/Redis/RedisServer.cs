using ApiKeyAuth.IntegrationTests.Processes;
using StackExchange.Redis;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>Represents an installed redis-server that a test starts on a free port, with a temporary folder.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("redis-");
    private readonly string _program;
    private readonly string[] _arguments;
    private RunningProcess? _process;

    private RedisServer(string program, string[] arguments) => (_program, _arguments) = (program, arguments);

    public int Port { get; } = FreePort.Find();

    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Starts a server. If it is not installed, the test is skipped, and fails in CI.</summary>
    /// <param name="arguments">Command-line settings, such as <c>--maxmemory-policy allkeys-lru</c>.</param>
    public static async Task<RedisServer> StartAsync(params string[] arguments)
    {
        var program = Installed.Find("redis-server", "redis-server");
        var server = new RedisServer(program, arguments);
        try
        {
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server as a cluster of one node.</summary>
    public static async Task<RedisServer> StartClusterAsync()
    {
        var server = await StartAsync();
        await server.KillAsync();
        await server.RunAsClusterAsync();
        return server;
    }

    /// <summary>Starts the server again after <see cref="KillAsync"/>, as a cluster of one node.</summary>
    public async Task RunAsClusterAsync()
    {
        await RunWithAsync(["--cluster-enabled", "yes"]);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(ConnectionString + ",allowAdmin=true");
        await connection.GetDatabase().ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await Eventually.IsTrueAsync(async () =>
            $"{await connection.GetDatabase().ExecuteAsync("CLUSTER", "INFO")}".Contains("cluster_state:ok", StringComparison.Ordinal));
    }

    /// <summary>Starts the server, or starts it again without data after <see cref="KillAsync"/>.</summary>
    public Task RunAsync() => RunWithAsync([]);

    /// <summary>Ends the server like a crash.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>Suspends the server: connections stay open, and no call is answered.</summary>
    public Task StopAsync() => SignalAsync("-STOP");

    public Task ContinueAsync() => SignalAsync("-CONT");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Delete(recursive: true);
    }

    private async Task RunWithAsync(string[] more)
    {
        _process = new RunningProcess(
            _program,
            [
                "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                "--repl-diskless-sync-delay", "0", "--dir", _folder.FullName, .. _arguments, .. more,
            ],
            _folder.FullName);
        await _process.WaitForAsync("Ready to accept connections");
    }

    private async Task SignalAsync(string signal) => await RunningProcess.RunAsync("kill", [signal, $"{_process!.Id}"], _folder.FullName);
}
