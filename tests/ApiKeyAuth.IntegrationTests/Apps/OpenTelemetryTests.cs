using System.Collections.Concurrent;
using System.Text;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ApiKeyAuth.IntegrationTests.Apps;

/// <summary>Runs the setup of the page about usage, which exports to a collector over HTTP.</summary>
internal sealed class OpenTelemetryTests
{
    [Test]
    public async Task Page_SetUp_ExportsMetricsAndTracesAndNoSecret()
    {
        await using var collector = await Collector.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address;
        builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        builder.Services.AddApiKeyAuth().AddInMemoryStore();

        // As in the page.
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(ApiKeyTelemetry.MeterName).AddOtlpExporter())
            .WithTracing(tracing => tracing.AddSource(ApiKeyTelemetry.ActivitySourceName).AddOtlpExporter());

        string secret;
        await using (var app = builder.Build())
        {
            app.UseApiKeyAuth();
            app.MapGet("/", () => "in").RequireAuthorization();
            await app.StartAsync();
            secret = await IssueAsync(app.Services);
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            client.DefaultRequestHeaders.Add("X-API-Key", secret);
            Assert.That(await client.GetStringAsync("/"), Is.EqualTo("in"));
            await app.StopAsync();
        }

        // Names and tags are plain text in the exported data.
        Assert.That(
            collector.Of("/v1/metrics"),
            Does.Contain("apikeyauth.authentications").And.Contain("apikeyauth.verify.duration").And.Contain("apikeyauth.usage.uses")
                .And.Contain("apikeyauth.cache.lookups"));
        Assert.That(collector.Of("/v1/traces"), Does.Contain("apikeyauth.store.load"));
        Assert.That(collector.Of("/v1/metrics") + collector.Of("/v1/traces"), Does.Not.Contain(secret).And.Not.Contain("key_telemetry"));
    }

    [Test]
    public void Page_ShowsTheSetUp() =>
        Assert.That(
            MarkdownPage.Get("src/ApiKeyAuth/docs/usage-and-alerts.md").Text,
            Does.Contain(".WithMetrics(metrics => metrics.AddMeter(ApiKeyTelemetry.MeterName).AddOtlpExporter())")
                .And.Contain(".WithTracing(tracing => tracing.AddSource(ApiKeyTelemetry.ActivitySourceName).AddOtlpExporter());"));

    private static async Task<string> IssueAsync(IServiceProvider services)
    {
        var secret = services.GetRequiredService<ApiKeyFormats>().Issuing.Generate("live");
        var key = new ApiKey
        {
            Id = "key_telemetry",
            Environment = "live",
            Secrets = [new() { Hash = services.GetRequiredService<ApiKeyHasher>().Hash(secret) }],
        };
        await services.GetRequiredService<InMemoryApiKeyStore>().AddAsync(key, [], AuditEntries.Create(key.Id), default);
        return secret;
    }

    private sealed class Collector(WebApplication app, ConcurrentQueue<(string Path, string Body)> received) : IAsyncDisposable
    {
        public string Address => app.Urls.First();

        public static async Task<Collector> StartAsync()
        {
            var received = new ConcurrentQueue<(string, string)>();
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            app.MapPost("/{**path}", async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body, Encoding.Latin1);
                received.Enqueue((request.Path, await reader.ReadToEndAsync()));
            });
            await app.StartAsync();
            return new Collector(app, received);
        }

        public string Of(string path) => string.Concat(received.Where(each => each.Path == path).Select(each => each.Body));

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
