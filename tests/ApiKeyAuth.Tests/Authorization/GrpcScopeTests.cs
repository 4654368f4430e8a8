using System.Text;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;
using ApiKeyAuth.Tests.Startup;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Scopes on gRPC services and methods, over HTTP/2 without TLS. The service is handwritten to avoid a generator.</summary>
public sealed class GrpcScopeTests
{
    [Test]
    public async Task GrpcService_ScopeWithAnotherDefaultScheme_AcceptsAKey()
    {
        var builder = CreateBuilder();
        builder.Services.AddAuthentication("Bearer").AddJwtBearer();
        await using var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGrpcService<EchoService>();
        await app.StartAsync();
        using var channel = GrpcChannel.ForAddress(app.Urls.First());
        var headers = new Metadata { { "x-api-key", await IssueAsync(app.Services, "a") } };
        var response = await channel.CreateCallInvoker()
            .AsyncUnaryCall(EchoBase.Method("Plain"), null, new CallOptions(headers), "hello").ResponseAsync;
        Assert.That(response, Does.StartWith("hello key_"));
    }

    [Test]
    public async Task GrpcService_AllowAnonymousOverScopes_StopsTheStart()
    {
        await using var group = Build(app => app.MapGroup("").AllowAnonymous().MapGrpcService<EchoService>());
        Assert.That(
            () => group.StartAsync(),
            Throws.InvalidOperationException.With.Message.Contains("gRPC - /tests.Echo/Plain requires the scope a, but AllowAnonymous"));

        // A method may allow anonymous callers in a service that requires scopes.
        await using var method = Build(app => app.MapGrpcService<OpenEchoService>());
        Assert.That(() => method.StartAsync(), Throws.Nothing);
    }

    [TestCase("Plain", "a", null)]
    [TestCase("Plain", "b", StatusCode.PermissionDenied)]
    [TestCase("Plain", null, StatusCode.Unauthenticated)]
    [TestCase("Scoped", "a b", null)]
    [TestCase("Scoped", "a", StatusCode.PermissionDenied)]
    [TestCase("Scoped", "b", StatusCode.PermissionDenied)]
    [TestCase("Scoped", null, StatusCode.Unauthenticated)]
    public async Task GrpcMethod_Scopes_AcceptsKeysThatHoldThem(string method, string? scopes, StatusCode? expected)
    {
        var builder = CreateBuilder();
        await using var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGrpcService<EchoService>();
        await app.StartAsync();
        var headers = new Metadata();
        if (scopes is not null)
        {
            headers.Add("x-api-key", await IssueAsync(app.Services, scopes));
        }

        using var channel = GrpcChannel.ForAddress(app.Urls.First());
        var call = () => channel.CreateCallInvoker()
            .AsyncUnaryCall(EchoBase.Method(method), null, new CallOptions(headers), "hello").ResponseAsync;
        Assert.That(call, expected is null
            ? Does.StartWith("hello key_")
            : Throws.TypeOf<RpcException>().With.Property(nameof(RpcException.StatusCode)).EqualTo(expected));
    }

    private static WebApplicationBuilder CreateBuilder()
    {
        var builder = StartUp.CreateBuilder("Production", out _);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddApiKeyAuth().AddInMemoryStore();
        return builder;
    }

    private static WebApplication Build(Action<WebApplication> map)
    {
        var app = CreateBuilder().Build();
        app.UseApiKeyAuth();
        map(app);
        return app;
    }

    private static async Task<string> IssueAsync(IServiceProvider services, string scopes)
    {
        await using var scope = services.CreateAsyncScope();
        var issued = await scope.ServiceProvider.GetRequiredService<ApiKeyManager>().CreateAsync(
            ApiKeyCaller.System, new NewApiKey { Name = "key", Environment = "test", Scopes = scopes.Split(' ') });
        return issued.Value!.Secret;
    }

    [BindServiceMethod(typeof(EchoBase), nameof(Bind))]
    internal abstract class EchoBase
    {
        private static readonly Marshaller<string> Text = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);

        public static Method<string, string> Method(string name) => new(MethodType.Unary, "tests.Echo", name, Text, Text);

        public static void Bind(ServiceBinderBase binder, EchoBase? service)
        {
            binder.AddMethod(Method(nameof(Plain)), service is null ? null : service.Plain);
            binder.AddMethod(Method(nameof(Scoped)), service is null ? null : service.Scoped);
        }

        public abstract Task<string> Plain(string text, ServerCallContext context);

        public abstract Task<string> Scoped(string text, ServerCallContext context);
    }

    [RequireScope("a")]
    internal sealed class EchoService : EchoBase
    {
        public override Task<string> Plain(string text, ServerCallContext context) =>
            Task.FromResult($"{text} {context.GetHttpContext().User.FindFirst("api_key_id")?.Value}");

        [RequireScope("b")]
        public override Task<string> Scoped(string text, ServerCallContext context) => Plain(text, context);
    }

    [RequireScope("a")]
    internal sealed class OpenEchoService : EchoBase
    {
        [AllowAnonymous]
        public override Task<string> Plain(string text, ServerCallContext context) => Task.FromResult(text);

        public override Task<string> Scoped(string text, ServerCallContext context) => Task.FromResult(text);
    }
}
