using ApiKeyAuth.Backplane;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Represents a node with an endpoint for each kind of long-lived connection, in its own process.</summary>
internal static class StreamingApp
{
    /// <summary>Gets the configured key.</summary>
    public static string Key { get; } = "key_live_" + new string('s', 43);

    public static RunningProcess Start() => new("dotnet", [typeof(StreamingApp).Assembly.Location, "streaming"], AppContext.BaseDirectory);

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost(FreePort.Find(), listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.ListenLocalhost(FreePort.Find(), listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Keys:Format:Checksum"] = "false",
            ["Keys:Keys:0:Id"] = "key_streaming",
            ["Keys:Keys:0:Hash"] = new ApiKeyHasher([]).Hash(Key).Format(),
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton<IApiKeyBackplane, LoneCarrier>();
        builder.Services.AddGrpc();
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("Keys"));
        var app = builder.Build();
        app.UseWebSockets();
        app.UseApiKeyAuth();
        app.MapGrpcService<TickService>().RequireAuthorization();
        app.MapGet("/events", WriteEventsAsync).RequireAuthorization();
        app.Map("/socket", ReceiveAsync).RequireAuthorization();
        await app.StartAsync();
        Console.WriteLine("Addresses: " + string.Join(' ', app.Urls));
        await app.WaitForShutdownAsync();
        Console.WriteLine("The host has stopped.");
    }

    private static async Task WriteEventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("data: x\n\n");
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    private static async Task ReceiveAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await socket.ReceiveAsync(new byte[16], context.RequestAborted);
    }

    /// <summary>Represents a backplane without other nodes.</summary>
    private sealed class LoneCarrier : IApiKeyBackplane
    {
        public ValueTask<HeartbeatResult> SendHeartbeatAsync(
            string memberId, TimeSpan lease, string position, CancellationToken cancellationToken) =>
            new(new HeartbeatResult { Position = "1", MemberCount = 1, ChangedKeyIds = [] });

        public ValueTask<PublishResult> PublishAsync(
            string memberId, TimeSpan lease, string keyId, CancellationToken cancellationToken) =>
            new(new PublishResult { Position = "1", IsOnlyMember = true, IsAcknowledged = true, LongestLease = lease });

        public ValueTask<bool> IsAcknowledgedAsync(string memberId, TimeSpan lease, string position, CancellationToken cancellationToken) =>
            new(true);

        public ValueTask LeaveAsync(string memberId, CancellationToken cancellationToken)
        {
            Console.WriteLine("The node is unregistered.");
            return ValueTask.CompletedTask;
        }

        public Task ListenAsync(Action<ApiKeyBackplaneNotification> onNotification, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
