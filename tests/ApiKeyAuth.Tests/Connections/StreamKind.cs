namespace ApiKeyAuth.Tests.Connections;

/// <summary>Specifies the kind of an open connection.</summary>
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
