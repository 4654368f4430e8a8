namespace ApiKeyAuth.Tests.Connections;

/// <summary>Specifies how a connection stays open.</summary>
public enum StreamKind
{
    HubOverWebSockets,
    HubOverServerSentEvents,
    HubOverLongPolling,
    Socket,
    SocketOfUseWebSocketsBefore,
    SocketOverHttp2,
    ServerSentEvents,
    Grpc,
}
