using System.Net.WebSockets;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Connections;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Tests.TestHost;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Connections;

/// <summary>Represents an app with an endpoint for each kind of open connection, all of which require the scope <c>a</c>.</summary>
internal sealed class StreamApp : IAsyncDisposable
{
    private readonly StreamKind _kind;

    private StreamApp(StreamKind kind, TestApp app, Owners owners, SwitchedStore store) =>
        (_kind, App, Owners, Store) = (kind, app, owners, store);

    public TestApp App { get; }

    public Owners Owners { get; }

    public SwitchedStore Store { get; }

    public OpenStreams Streams => App.Services.GetRequiredService<OpenStreams>();

    public static async Task<StreamApp> StartAsync(
        StreamKind kind, Func<Task>? beforeAccept = null, Action<ApiKeyAuthBuilder>? keys = null)
    {
        var (owners, store) = (new Owners(), new SwitchedStore());
        var app = await TestApp.StartAsync(
            web =>
            {
                if (kind != StreamKind.SocketOfUseWebSocketsBefore)
                {
                    web.UseWebSockets();
                }

                Map(web, beforeAccept ?? (() => Task.CompletedTask));
            },
            services: all =>
            {
                all.AddSignalR();
                all.AddGrpc();
                all.AddSingleton<StreamHub.Calls>();
                all.AddSingleton(store.Inner);
                all.AddSingleton<IApiKeyOwnerPermissions>(owners);
                if (kind is StreamKind.Grpc or StreamKind.SocketOverHttp2)
                {
                    all.Configure<KestrelServerOptions>(kestrel =>
                        kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
                }
            },
            keys: keys,
            before: web =>
            {
                if (kind == StreamKind.SocketOfUseWebSocketsBefore)
                {
                    web.UseWebSockets();
                }
            },
            store: store);
        return new StreamApp(kind, app, owners, store);
    }

    /// <summary>Issues a key with the scopes <c>a</c> and <c>b</c>.</summary>
    public async Task<(string Id, string Secret)> IssueAsync(Func<ApiKey, ApiKey>? with = null)
    {
        ApiKey? issued = null;
        var secret = await App.IssueAsync(key => issued = (with ?? (same => same))(key with { Scopes = TestApp.Scopes("a", "b") }));
        return (issued!.Id, secret);
    }

    /// <summary>Opens a connection and exchanges a message on it.</summary>
    public async Task<OpenClient> OpenAsync(string secret)
    {
        var client = _kind switch
        {
            StreamKind.HubOverWebSockets => await OpenHubAsync(secret, HttpTransportType.WebSockets),
            StreamKind.HubOverServerSentEvents => await OpenHubAsync(secret, HttpTransportType.ServerSentEvents),
            StreamKind.HubOverLongPolling => await OpenHubAsync(secret, HttpTransportType.LongPolling),
            StreamKind.ServerSentEvents => await OpenEventsAsync(secret),
            StreamKind.Grpc => OpenGrpc(secret),
            _ => await OpenSocketAsync(secret),
        };
        await client.ExchangeAsync();
        return client;
    }

    /// <summary>Changes a key in the store without invalidating it.</summary>
    public async Task ChangeInStoreOnlyAsync(ApiKey key) =>
        Assert.That(await Store.Inner.TryUpdateAsync(key, AuditEntries.Create(key.Id, App.Clock.GetUtcNow()), CancellationToken.None));

    public HubConnection Connect(string secret, HttpTransportType transport = HttpTransportType.WebSockets) => new HubConnectionBuilder()
        .WithUrl(new Uri(App.Client.BaseAddress!, "/hub"), options =>
        {
            options.Transports = transport;
            options.Headers["X-API-Key"] = secret;
        })
        .Build();

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private async Task<OpenClient> OpenHubAsync(string secret, HttpTransportType transport)
    {
        var connection = Connect(secret, transport);
        var closed = new TaskCompletionSource();
        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await connection.StartAsync();
        return new OpenClient(() => connection.InvokeAsync<string>(nameof(StreamHub.Ping)), closed.Task, connection.DisposeAsync);
    }

    private async Task<OpenClient> OpenSocketAsync(string secret)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-API-Key", secret);
        if (_kind == StreamKind.SocketOverHttp2)
        {
            (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (new Version(2, 0), HttpVersionPolicy.RequestVersionExact);
        }

        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false }, disposeHandler: false);
        await socket.ConnectAsync(new Uri($"ws://{App.Client.BaseAddress!.Authority}/socket"), invoker, CancellationToken.None);
        var received = new SemaphoreSlim(0);
        var closed = ReceiveAsync(socket, received);
        return new OpenClient(
            async () =>
            {
                await socket.SendAsync(new byte[] { 1 }, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
                await received.WaitAsync();
            },
            closed,
            () =>
            {
                socket.Dispose();
                return ValueTask.CompletedTask;
            });
    }

    private static async Task ReceiveAsync(ClientWebSocket socket, SemaphoreSlim received)
    {
        try
        {
            var buffer = new byte[16];
            while (socket.State == WebSocketState.Open)
            {
                await socket.ReceiveAsync(buffer, CancellationToken.None);
                received.Release();
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // The server ended the connection.
        }
    }

    private async Task<OpenClient> OpenEventsAsync(string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events") { Headers = { { "X-API-Key", secret } } };
        var response = await App.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        return Read(async () => await reader.ReadLineAsync() is not null, () =>
        {
            response.Dispose();
            return ValueTask.CompletedTask;
        });
    }

    private OpenClient OpenGrpc(string secret)
    {
        var channel = GrpcChannel.ForAddress(App.Client.BaseAddress!);
        var call = channel.CreateCallInvoker().AsyncServerStreamingCall(
            TickBase.Ticks, null, new CallOptions(new Metadata { { "x-api-key", secret } }), "go");
        return Read(() => call.ResponseStream.MoveNext(CancellationToken.None), () =>
        {
            call.Dispose();
            channel.Dispose();
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Reads a response to its end. An exchange waits for one more message.</summary>
    private static OpenClient Read(Func<Task<bool>> next, Func<ValueTask> dispose)
    {
        var arrived = 0;
        var closed = Task.Run(async () =>
        {
            try
            {
                while (await next())
                {
                    Interlocked.Increment(ref arrived);
                }
            }
            catch (Exception exception) when (exception is IOException or RpcException or ObjectDisposedException or HttpRequestException)
            {
                // The server ended the connection.
            }
        });
        return new OpenClient(
            () =>
            {
                var before = Volatile.Read(ref arrived);
                return Eventually.IsTrueAsync(() => Volatile.Read(ref arrived) > before || closed.IsCompleted)
                    .ContinueWith(_ => Assert.That(closed.IsCompleted, Is.False), TaskScheduler.Default);
            },
            closed, dispose);
    }

    private static void Map(WebApplication web, Func<Task> beforeAccept)
    {
        web.MapHub<StreamHub>("/hub").RequireScope("a");
        web.MapGrpcService<TickService>().RequireScope("a");
        web.Map("/socket", async (HttpContext context) =>
        {
            await beforeAccept();
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[16];
            while (socket.State == WebSocketState.Open)
            {
                var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
                await socket.SendAsync(
                    buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
            }
        }).RequireScope("a");
        web.MapGet("/events", WriteAsync).RequireScope("a").EndOnRevocation();
        web.MapGet("/unmarked", WriteAsync).RequireScope("a");
    }

    private static async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        do
        {
            await context.Response.WriteAsync("data: x\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
        while (await timer.WaitForNextTickAsync(context.RequestAborted));
    }
}
