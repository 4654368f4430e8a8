using System.Diagnostics;
using StackExchange.Redis;

namespace ApiKeyAuth.Benchmarks.Limiters;

/// <summary>Represents a redis-server that the run starts and stops.</summary>
internal sealed class RunningRedis : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("redis-");
    private readonly Process _process;

    private RunningRedis(int port)
    {
        Address = $"127.0.0.1:{port}";
        _process = Process.Start(new ProcessStartInfo("redis-server",
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
            "--dir", _folder.FullName, "--loglevel", "warning",
        ]))!;
    }

    public string Address { get; }

    public static RunningRedis Start() => new(FreePort.Find());

    public async Task<ConnectionMultiplexer> ConnectAsync()
    {
        while (true)
        {
            try
            {
                return await ConnectionMultiplexer.ConnectAsync(Address);
            }
            catch (RedisConnectionException) when (!_process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
