using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ApiKeyAuth.IntegrationTests.Stores.Faults;

/// <summary>Stands before a server, and passes nothing on while it is held.</summary>
internal sealed class SlowProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly int _server;
    private readonly Task _accepting;
    private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SlowProxy(int server)
    {
        _server = server;
        _open.SetResult();
        _listener.Start(1000);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Hold() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Release();
        _listener.Dispose();
        await _accepting;
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(TcpClient near)
    {
        var far = new TcpClient();
        _clients.Add(near);
        _clients.Add(far);
        var greeting = new byte[16_384];
        try
        {
            var count = await near.GetStream().ReadAsync(greeting, _end.Token);
            await _open.Task;

            // A caller that hung up during the hold has nothing more to say to the server.
            if (!near.Client.Poll(0, SelectMode.SelectRead))
            {
                await far.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
                await far.GetStream().WriteAsync(greeting.AsMemory(0, count), _end.Token);
                await Task.WhenAll(PassAsync(near, far), PassAsync(far, near));
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // One side is gone, and the other goes with it.
        }

        near.Close();
        far.Close();
    }

    private static bool IsEnd(Exception exception) =>
        exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    private async Task PassAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[16_384];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var count)
            {
                await _open.Task;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _end.Token);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // One side is gone, and the other goes with it.
        }

        to.Close();
    }
}
