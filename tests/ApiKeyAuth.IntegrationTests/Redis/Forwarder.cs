using System.Net;
using System.Net.Sockets;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>
/// Represents one name in front of several servers. New connections go to the current server, and existing ones keep theirs.
/// </summary>
internal sealed class Forwarder : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private int _accepted;

    public Forwarder(int server)
    {
        Server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Gets or sets the port of the server that new connections go to.</summary>
    public int Server { get; set; }

    public string ConnectionString => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Gets the number of connections that were accepted.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _accepted);
                _ = ServeAsync(near, Server);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(TcpClient near, int server)
    {
        using (near)
        using (var far = new TcpClient())
        {
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, server, _end.Token);
                var (client, target) = (near.GetStream(), far.GetStream());
                await Task.WhenAny(client.CopyToAsync(target, _end.Token), target.CopyToAsync(client, _end.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // The server is unavailable, or the test has ended.
            }
        }
    }
}
