using ApiKeyAuth.IntegrationTests.Processes;
using StackExchange.Redis;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>Represents a Redis Sentinel that a test starts for a primary, on a free port, with a temporary folder.</summary>
internal sealed class Sentinel : IAsyncDisposable
{
    private const string Service = "main";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sentinel-");
    private readonly int _port = FreePort.Find();
    private RunningProcess? _process;

    private Sentinel()
    {
    }

    public string ConnectionString => $"127.0.0.1:{_port},serviceName={Service}";

    /// <summary>Starts a Sentinel, and waits until it knows the replica of the primary.</summary>
    public static async Task<Sentinel> StartAsync(RedisServer primary)
    {
        var program = Installed.Find("redis-server", "/usr/bin/redis-server", "/usr/local/bin/redis-server");
        var sentinel = new Sentinel();
        var settings = Path.Combine(sentinel._folder.FullName, "sentinel.conf");
        await File.WriteAllTextAsync(settings, $"""
            port {sentinel._port}
            bind 127.0.0.1
            dir {sentinel._folder.FullName}
            sentinel monitor {Service} 127.0.0.1 {primary.Port} 1
            sentinel down-after-milliseconds {Service} 2000
            sentinel failover-timeout {Service} 10000

            """);
        sentinel._process = new RunningProcess(program, [settings, "--sentinel"], sentinel._folder.FullName);
        try
        {
            await sentinel._process.WaitForAsync("+slave ");
            return sentinel;
        }
        catch
        {
            await sentinel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the replica the primary and waits until the former primary is its replica.</summary>
    public async Task FailOverAsync()
    {
        var options = ConfigurationOptions.Parse($"127.0.0.1:{_port},allowAdmin=true");
        options.CommandMap = CommandMap.Sentinel;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        await Eventually.IsTrueAsync(() => TryFailOverAsync(connection.GetServers()[0]));
        await _process!.WaitForAsync("+switch-master ");
    }

    /// <summary>
    /// Requests a failover. Sentinel rejects it until it has read the replica's state, some time after it found the replica.
    /// </summary>
    private static async Task<bool> TryFailOverAsync(IServer sentinel)
    {
        try
        {
            await sentinel.SentinelFailoverAsync(Service);
            return true;
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOGOODSLAVE", StringComparison.Ordinal))
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
