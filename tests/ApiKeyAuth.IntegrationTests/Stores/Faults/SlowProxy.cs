using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ApiKeyAuth.IntegrationTests.Stores.Faults;

/// <summary>
/// Forwards data to a server, and delays it while it is held. It uses its own threads, because the app under test may have exhausted the
/// thread pool.
/// </summary>
internal sealed class SlowProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly int _server;
    private readonly Thread _accepting;

    public SlowProxy(int server)
    {
        _server = server;
        _listener.Start(1000);
        _accepting = Start(Accept);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Hold() => _open.Reset();

    public void Release() => _open.Set();

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _accepting.Join();
        Release();
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static Thread Start(Action work)
    {
        var thread = new Thread(() => RunToTheEnd(work), maxStackSize: 256 * 1024) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static void RunToTheEnd(Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception)
            when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One side has closed the connection, or the test has ended.
        }
    }

    private void Accept()
    {
        while (true)
        {
            var near = _listener.AcceptTcpClient();
            Start(() => Serve(near));
        }
    }

    private void Serve(TcpClient near)
    {
        var far = new TcpClient();
        _clients.Add(near);
        _clients.Add(far);
        var greeting = new byte[1024];
        var count = near.GetStream().Read(greeting);
        _open.Wait();

        // A client that disconnected while the proxy was held has no data left to send.
        if (near.Client is not { } socket || socket.Poll(0, SelectMode.SelectRead))
        {
            near.Close();
            return;
        }

        far.Connect(IPAddress.Loopback, _server);
        far.GetStream().Write(greeting, 0, count);
        Start(() => Pass(far, near));
        Pass(near, far);
    }

    private void Pass(TcpClient from, TcpClient to)
    {
        var buffer = new byte[16_384];
        try
        {
            while (from.GetStream().Read(buffer) is > 0 and var count)
            {
                _open.Wait();
                to.GetStream().Write(buffer, 0, count);
            }
        }
        finally
        {
            to.Close();
            from.Close();
        }
    }
}
