using System.Net.WebSockets;
using ApiKeyAuth.IntegrationTests.Processes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Tests a host that stops while connections are open: the process exits with code 0, and the node is unregistered.</summary>
internal sealed class ShutdownTests
{
    private static readonly CancellationToken Canceled = new(canceled: true);

    [Test]
    public async Task Terminate_OpenWebSocketEventsAndGrpcStream_ExitsWithZeroAndUnregistersTheNode()
    {
        await using var app = StreamingApp.Start();
        var addresses = (await app.WaitForAsync("Addresses: ")).Trim().Split(' ');
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        client.DefaultRequestHeaders.Add("X-API-Key", StreamingApp.Key);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-API-Key", StreamingApp.Key);
        await socket.ConnectAsync(new Uri(addresses[0].Replace("http", "ws", StringComparison.Ordinal) + "/socket"), client, default);
        using var events = await client.GetAsync(new Uri(addresses[0] + "/events"), HttpCompletionOption.ResponseHeadersRead);
        events.EnsureSuccessStatusCode();
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var channel = GrpcChannel.ForAddress(addresses[1], new GrpcChannelOptions { HttpHandler = handler });
        using var ticks = channel.CreateCallInvoker().AsyncServerStreamingCall(
            TickBase.Ticks, null, new CallOptions(new Metadata { { "x-api-key", StreamingApp.Key } }), "go");
        Assert.That(await ticks.ResponseStream.MoveNext(default));

        Assert.That(await app.EndAsync("TERM"), Is.Zero, app.Output);
        Assert.That(app.Output, Does.Contain("The node is unregistered.").And.Contain("The host has stopped."));
    }

    [Test]
    public async Task Stop_CanceledToken_NoServiceOfAnyPackageThrows()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddApiKeyAuth()
            .AddAlerts()
            .AddSqlite("Data Source=none.db")
            .AddPostgreSqlBackplane("Host=127.0.0.1;Port=1;Username=u;Database=d;Timeout=1")
            .AddRedis("127.0.0.1:1,abortConnect=false")
            .AddMaxMind("none.mmdb");
        using var host = builder.Build();
        IHostedService[] services = [.. host.Services.GetServices<IHostedService>()];
        Assert.That(services.Select(service => service.GetType()).Distinct(), Is.EquivalentTo(Implementations()), "each is tested");
        foreach (var service in services)
        {
            var lifecycle = service as IHostedLifecycleService;
            await (lifecycle?.StoppingAsync(Canceled) ?? Task.CompletedTask);
            await service.StopAsync(Canceled);
            await (lifecycle?.StoppedAsync(Canceled) ?? Task.CompletedTask);
        }
    }

    private static IEnumerable<Type> Implementations() => Directory.EnumerateFiles(AppContext.BaseDirectory, "ApiKeyAuth*.dll")
        .Select(file => System.Reflection.Assembly.Load(Path.GetFileNameWithoutExtension(file)))
        .Where(assembly => assembly != typeof(ShutdownTests).Assembly)
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IHostedService)));
}
