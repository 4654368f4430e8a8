using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ApiKeyAuth.Connections;

/// <summary>Monitors an upgraded request from the time the app accepts the upgrade.</summary>
internal sealed class StreamUpgradeFeature : IHttpUpgradeFeature, IHttpExtendedConnectFeature, IHttpWebSocketFeature
{
    private readonly HttpContext _context;
    private readonly OpenStream _stream;
    private readonly StreamMonitor _monitor;
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;
    private readonly IHttpWebSocketFeature? _socket;

    private StreamUpgradeFeature(HttpContext context, OpenStream stream, StreamMonitor monitor)
    {
        (_context, _stream, _monitor) = (context, stream, monitor);
        _upgrade = Unwrap(context.Features.Get<IHttpUpgradeFeature>(), static feature => feature._upgrade);
        _connect = Unwrap(context.Features.Get<IHttpExtendedConnectFeature>(), static feature => feature._connect);
        _socket = Unwrap(context.Features.Get<IHttpWebSocketFeature>(), static feature => feature._socket);
    }

    bool IHttpUpgradeFeature.IsUpgradableRequest => _upgrade!.IsUpgradableRequest;

    bool IHttpExtendedConnectFeature.IsExtendedConnect => _connect!.IsExtendedConnect;

    string? IHttpExtendedConnectFeature.Protocol => _connect!.Protocol;

    bool IHttpWebSocketFeature.IsWebSocketRequest => _socket!.IsWebSocketRequest;

    /// <summary>Wraps the features for upgrading a request. <c>UseWebSockets()</c> may be called before or after.</summary>
    public static void Wrap(HttpContext context, OpenStream stream, StreamMonitor monitor)
    {
        var feature = new StreamUpgradeFeature(context, stream, monitor);
        if (feature._upgrade is not null)
        {
            context.Features.Set<IHttpUpgradeFeature>(feature);
        }

        if (feature._connect is not null)
        {
            context.Features.Set<IHttpExtendedConnectFeature>(feature);
        }

        if (feature._socket is not null)
        {
            context.Features.Set<IHttpWebSocketFeature>(feature);
        }
    }

    /// <summary>
    /// Monitors a request until it completes. In a branch with its own pipeline, the requirements of the last endpoint apply.
    /// </summary>
    public static void Open(HttpContext context, OpenStream stream, StreamMonitor monitor)
    {
        if (context.Features.Get<OpenStream>() is { } before)
        {
            OpenStreams.Remove(before);
        }

        context.Features.Set(stream);
        context.Response.OnCompleted(static completed => CompleteAsync((OpenStream)completed), stream);
        monitor.Open(stream);
    }

    async Task<Stream> IHttpUpgradeFeature.UpgradeAsync()
    {
        var upgraded = await _upgrade!.UpgradeAsync();
        Open(_context, _stream, _monitor);
        return upgraded;
    }

    async ValueTask<Stream> IHttpExtendedConnectFeature.AcceptAsync()
    {
        var accepted = await _connect!.AcceptAsync();
        Open(_context, _stream, _monitor);
        return accepted;
    }

    async Task<WebSocket> IHttpWebSocketFeature.AcceptAsync(WebSocketAcceptContext context)
    {
        var accepted = await _socket!.AcceptAsync(context);
        Open(_context, _stream, _monitor);
        return accepted;
    }

    private static Task CompleteAsync(OpenStream stream)
    {
        OpenStreams.Remove(stream);
        return Task.CompletedTask;
    }

    /// <summary>Returns the feature of the server if an outer pipeline has already wrapped it.</summary>
    private static T? Unwrap<T>(T? feature, Func<StreamUpgradeFeature, T?> inner)
        where T : class => feature is StreamUpgradeFeature wrapped ? inner(wrapped) : feature;
}
