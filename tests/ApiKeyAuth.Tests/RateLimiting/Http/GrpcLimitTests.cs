using System.Net;
using System.Text;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Diagnostics;
using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Tests.TestHost;
using ApiKeyAuth.Tests.Usage;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.RateLimiting.Http;

/// <summary>Limits on gRPC calls, over HTTP/2 without TLS, with clients that retry by themselves.</summary>
public sealed class GrpcLimitTests
{
    private static readonly Marshaller<string> Text = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);
    private static readonly Method<string, string> Method = new(MethodType.Unary, "tests.Limited", "Call", Text, Text);

    [Test]
    public async Task Call_OverTheLimit_EndsAsResourceExhausted()
    {
        var requests = 0;
        await using var app = await StartAsync(() => requests++);
        var secret = await LimitedApp.IssueAsync(app.App, "1/minute");
        using var channel = Channel(app.App, null);
        Assert.That(await CallAsync(channel, secret), Is.EqualTo("in"));
        Assert.That(requests, Is.EqualTo(1));

        var rejected = Assert.ThrowsAsync<RpcException>(() => CallAsync(channel, secret));
        Assert.That(rejected.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
        Assert.That(rejected.Status.Detail, Is.EqualTo("The rate limit of 1/minute is used up; try again in 60 seconds"));
        Assert.That(rejected.Trailers.GetValue("grpc-retry-pushback-ms"), Is.EqualTo("60000"));
        Assert.That(requests, Is.EqualTo(2));
        Assert.That(
            await app.OutcomesAsync(), Is.EquivalentTo(new Dictionary<string, long> { ["success"] = 1, ["rate_limit_exceeded"] = 1 }));
    }

    [Test]
    public async Task Call_OverTheLimitWithARetryingClient_WaitsAndSucceeds(
        [Values(StatusCode.Unavailable, StatusCode.ResourceExhausted)] StatusCode retried)
    {
        var requests = 0;
        TestApp? clocked = null;
        await using var app = await StartAsync(() =>
        {
            if (++requests == 3)
            {
                clocked!.Clock.Advance(TimeSpan.FromSeconds(1));
            }
        });
        clocked = app.App;
        var secret = await LimitedApp.IssueAsync(app.App, "1/second");
        using var channel = Channel(app.App, retried);
        Assert.That(await CallAsync(channel, secret), Is.EqualTo("in"));
        Assert.That(await CallAsync(channel, secret), Is.EqualTo("in"));
        Assert.That(requests, Is.EqualTo(3), "a client that retries at once uses up its attempts");
    }

    [Test]
    public async Task Call_ThatCostsMoreThanTheLimit_TellsTheClientNotToRetry()
    {
        var requests = 0;
        await using var app = await StartAsync(() => requests++, cost: 5);
        using var channel = Channel(app.App, StatusCode.ResourceExhausted);
        var secret = await LimitedApp.IssueAsync(app.App, "1/minute");
        var rejected = Assert.ThrowsAsync<RpcException>(() => CallAsync(channel, secret));
        Assert.That(
            (rejected.StatusCode, rejected.Trailers.GetValue("grpc-retry-pushback-ms")), Is.EqualTo((StatusCode.ResourceExhausted, "-1")));
        Assert.That(requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Call_FromANetworkPastItsFailures_EndsAsResourceExhausted()
    {
        await using var app = await StartAsync(() => { });
        using var channel = Channel(app.App, null);
        var unknown = app.App.NewSecret();
        Assert.That(Assert.ThrowsAsync<RpcException>(() => CallAsync(channel, unknown)).StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
        var rejected = Assert.ThrowsAsync<RpcException>(() => CallAsync(channel, unknown));
        Assert.That(rejected.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
        Assert.That(rejected.Status.Detail, Does.StartWith("Too many invalid API keys came from this network"));
    }

    [TestCase("application/grpc", "application/grpc")]
    [TestCase("application/grpc+proto", "application/grpc")]
    [TestCase("Application/GRPC; charset=utf-8", "application/grpc")]
    [TestCase("application/grpc-web+proto", "application/grpc-web")]
    [TestCase("application/grpc-web-text", "application/grpc-web-text")]
    [TestCase("application/grpcish", null)]
    [TestCase("application/json", null)]
    public async Task Rejection_ByContentType_IsTrailersOnlyForGrpc(string type, string? responseType)
    {
        await using var app = await TestApp.StartAsync(web => web.MapPost("/", () => "in").RequireAuthorization());
        using var metrics = new CapturedMetrics(app.Services);
        var secret = await LimitedApp.IssueAsync(app, "1/minute");
        using var first = await PostAsync(app, secret, type);
        using var rejected = await PostAsync(app, secret, type);
        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        LimitedApp.AssertHeaders(rejected, 1, 0);
        if (responseType is null)
        {
            await rejected.AssertRefusedAsync(429, "rate_limit_exceeded");
            Assert.That(rejected.Lines("grpc-status"), Is.Empty);
        }
        else
        {
            Assert.That(rejected.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(rejected.Content.Headers.ContentType!.ToString(), Is.EqualTo(responseType));
            Assert.That((rejected.Line("grpc-status"), rejected.Line("grpc-retry-pushback-ms")), Is.EqualTo(("8", "60000")));
            Assert.That(await rejected.BodyAsync(), Is.Empty);
        }
    }

    private static async Task<HttpResponseMessage> PostAsync(TestApp app, string secret, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent([]) };
        request.Headers.Add("X-API-Key", secret);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await app.Client.SendAsync(request);
    }

    private static Task<ManagedApp> StartAsync(Action onRequest, long cost = 1) => ManagedApp.StartAsync(
        options => options.RateLimiting.FailedAuthentications = new RateLimit(1, TimeSpan.FromMinutes(1)),
        services =>
        {
            services.AddGrpc();
            services.Configure<KestrelServerOptions>(
                kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
        },
        endpoints: web => web.MapGrpcService<LimitedService>().WithRequestCost(cost),
        before: web => web.Use((context, next) =>
        {
            onRequest();
            return next(context);
        }));

    /// <summary>
    /// Creates a client that retries a status at once, <c>Unavailable</c> by default policies, unless the response asks it to wait.
    /// </summary>
    private static GrpcChannel Channel(TestApp app, StatusCode? retried) =>
        GrpcChannel.ForAddress(app.Client.BaseAddress!, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false },
            ServiceConfig = retried is null ? null : new ServiceConfig
            {
                MethodConfigs =
            {
                new MethodConfig
                {
                    Names = { MethodName.Default },
                    RetryPolicy = new RetryPolicy
                    {
                        MaxAttempts = 4,
                        InitialBackoff = TimeSpan.FromMilliseconds(1),
                        MaxBackoff = TimeSpan.FromMilliseconds(1),
                        BackoffMultiplier = 1,
                        RetryableStatusCodes = { retried.Value },
                    },
                },
            },
            },
        });

    private static async Task<string> CallAsync(GrpcChannel channel, string secret) =>
        await channel.CreateCallInvoker().AsyncUnaryCall(
            Method, null, new CallOptions(new Metadata { { "x-api-key", secret } }), "hello");

    [BindServiceMethod(typeof(LimitedBase), nameof(Bind))]
    internal abstract class LimitedBase
    {
        public static void Bind(ServiceBinderBase binder, LimitedBase? service) =>
            binder.AddMethod(Method, service is null ? null : service.Call);

        public abstract Task<string> Call(string text, ServerCallContext context);
    }

    [Authorize]
    internal sealed class LimitedService : LimitedBase
    {
        public override Task<string> Call(string text, ServerCallContext context) => Task.FromResult("in");
    }
}
