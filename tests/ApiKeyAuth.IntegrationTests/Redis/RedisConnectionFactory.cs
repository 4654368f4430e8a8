using ApiKeyAuth.IntegrationTests.Processes;
using StackExchange.Redis;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>A redis-server that a test starts from what the machine has installed, on a free port, in a folder that goes with it.</summary>
internal sealed class RedisConnectionFactory : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("redis-");
    private readonly string _program;
    private readonly string[] _arguments;
    private RunningProcess? _process;

    private RedisConnectionFactory(string program, string[] arguments) => (_program, _arguments) = (program, arguments);

    public int Port { get; } = FreePort.Find();

    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Starts one; where none is installed the test is ignored, and fails in CI.</summary>
    /// <param name="arguments">Settings as on its command line, such as <c>--maxmemory-policy allkeys-lru</c>.</param>
    public static async Task<RedisConnectionFactory> StartAsync(params string[] arguments)
    {
        var program = Installed.Find("redis-server", "redis-server");
        var server = new RedisConnectionFactory(program, arguments);
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

    /// <summary>Starts one as a cluster of its own.</summary>
    public static async Task<RedisConnectionFactory> StartClusterAsync()
    {
        var server = await StartAsync();
        await server.KillAsync();
        await server.RunAsClusterAsync();
        return server;
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>, as a cluster of its own.</summary>
    public async Task RunAsClusterAsync()
    {
        await RunWithAsync(["--cluster-enabled", "yes"]);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(ConnectionString + ",allowAdmin=true");
        await connection.GetDatabase().ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await Eventually.TrueAsync(async () => $"{await connection.GetDatabase().ExecuteAsync("CLUSTER", "INFO")}".Contains("cluster_state:ok", StringComparison.Ordinal));
    }

    /// <summary>Starts it, at first or again after <see cref="KillAsync"/>: then without anything it knew.</summary>
    public Task RunAsync() => RunWithAsync([]);

    /// <summary>Ends it as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>Stops it where it stands: connections stay, and nothing is answered.</summary>
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
            _program, ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder.FullName, .. _arguments, .. more], _folder.FullName);
        await _process.WaitForAsync("Ready to accept connections");
    }

    private async Task SignalAsync(string signal) => await RunningProcess.RunAsync("kill", [signal, $"{_process!.Id}"], _folder.FullName);
}
