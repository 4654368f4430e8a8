using System.Net;
using System.Net.Sockets;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>
/// Represents a twemproxy that a test starts for two servers. It sends each call to the server of its first key.
/// </summary>
internal sealed class ShardingProxy : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("proxy-");
    private RunningProcess? _process;

    private ShardingProxy()
    {
    }

    public int Port { get; } = FreePort.Find();

    public string ConnectionString => $"127.0.0.1:{Port},proxy=Twemproxy";

    /// <summary>Starts a proxy. If it is not installed, the test is skipped, and fails in CI.</summary>
    public static async Task<ShardingProxy> StartAsync(RedisServer first, RedisServer second)
    {
        var program = Installed.Find("nutcracker", "nutcracker");
        var proxy = new ShardingProxy();
        var settings = Path.Combine(proxy._folder.FullName, "proxy.yml");
        await File.WriteAllTextAsync(settings, $"""
            shards:
              listen: 127.0.0.1:{proxy.Port}
              hash: fnv1a_64
              distribution: ketama
              redis: true
              servers:
               - 127.0.0.1:{first.Port}:1
               - 127.0.0.1:{second.Port}:1
            """);
        proxy._process = new RunningProcess(
            program,
            [
                "-c", settings,
                "-o", Path.Combine(proxy._folder.FullName, "log"),
                "-p", Path.Combine(proxy._folder.FullName, "pid"),
                "-a", "127.0.0.1",
                "-s", $"{FreePort.Find()}",
            ],
            proxy._folder.FullName);
        try
        {
            await Eventually.IsTrueAsync(() => IsListeningAsync(proxy.Port));
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
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
