using System.Net;
using System.Text.Json;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace ApiKeyAuth.Tests.Http;

public sealed class ProblemBodyTests
{
    [Test]
    public async Task Body_OfEachError_IsAProblemWithItsCode()
    {
        await using var app = await StartAsync();
        var limited = await app.IssueAsync(key => key with { RateLimits = RateLimit.ParseList("1/minute") });
        using var admitted = await app.GetAsync("/", limited);
        await AssertProblemAsync(await app.GetAsync("/"), 401, "Unauthorized", "missing_api_key", "No API key was provided");
        await AssertProblemAsync(
            await app.GetAsync("/", "nonsense"), 401, "Unauthorized", "invalid_api_key", "The API key provided is invalid");
        await AssertProblemAsync(
            await app.GetAsync("/", "a", "key_test_a"),
            400, "Bad Request", "invalid_request", "The request carries more than one API key; send one, once");
        await AssertProblemAsync(
            await app.GetAsync("/", limited),
            429, "Too Many Requests", "rate_limit_exceeded", "The rate limit of 1/minute is used up; try again in 60 seconds");
        await AssertProblemAsync(
            await app.GetAsync("/costly", limited),
            429, "Too Many Requests", "rate_limit_exceeded", "The request costs more than the rate limit of 1/minute holds");
        await AssertProblemAsync(
            await app.GetAsync("/write", limited), 403, "Forbidden", "insufficient_scope", "API key lacks required scope: agents:write");
        await AssertProblemAsync(
            await app.GetAsync("/", await app.IssueAsync(key => key with { Networks = [IPNetwork.Parse("203.0.113.0/24")] })),
            403, "Forbidden", "ip_not_allowed", "The API key may not be used from this network");
        await AssertProblemAsync(
            await app.GetAsync("/", await app.IssueAsync(key => key with { Audiences = ["a"] })),
            403, "Forbidden", "wrong_audience", "The API key is bound to another audience");
    }

    [Test]
    public async Task Body_StoreUnavailable_IsAProblemWithRetryAfterAndIsNotCached()
    {
        var store = new Mock<IApiKeyStore>(MockBehavior.Strict);
        var responses = store.SetupSequence(s => s.FindAsync(It.IsAny<IReadOnlyList<ApiKeyHash>>(), It.IsAny<CancellationToken>()));
        responses.ReturnsAsync((ApiKey?)null);
        responses.Throws(new IOException("down"));
        responses.ReturnsAsync((ApiKey?)null);
        await using var app = await StartAsync(store.Object);
        var secret = app.NewSecret();
        using var down = await app.GetAsync("/", secret);
        Assert.That(down.Number("Retry-After"), Is.EqualTo(2));
        await AssertProblemAsync(down, 503, "Service Unavailable", "key_store_unavailable", "API keys cannot be checked at the moment");
        using var up = await app.GetAsync("/", secret);
        await up.AssertRefusedAsync(401, "invalid_api_key");
    }

    [Test]
    public async Task Body_OfAnError_HasItsLengthAndContentType()
    {
        await using var app = await StartAsync();
        using var response = await app.GetAsync("/", "nonsense");
        var body = await response.BodyAsync();
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(body.Length));
        Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("application/problem+json"));
    }

    [TestCase("0HN4J:00000001")]
    [TestCase("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")]
    [TestCase("a\"b\\c\u0001")]
    [TestCase("Zürich </script> 🔑")]
    [TestCase("")]
    public async Task Body_OfAnyTraceId_IsTheSameJsonEachTime(string traceId)
    {
        var error = ApiKeyError.RateLimited(new RateLimit(5, TimeSpan.FromMinutes(1)), 7);

        var first = await WriteAsync(error, traceId);
        var second = await WriteAsync(error, traceId);
        var other = await WriteAsync(error, "other");

        Assert.That(second, Is.EqualTo(first));
        Assert.That(JsonDocument.Parse(first).RootElement.GetProperty("traceId").GetString(), Is.EqualTo(traceId));
        Assert.That(other, Is.EqualTo(
            """{"type":"about:blank","title":"Too Many Requests","status":429,"detail":"The rate limit of 5/minute is used up; """
            + """try again in 7 seconds","code":"rate_limit_exceeded","traceId":"other"}"""));
        Assert.That(
            first[..first.IndexOf("traceId", StringComparison.Ordinal)],
            Is.EqualTo(other[..other.IndexOf("traceId", StringComparison.Ordinal)]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Body_WithAPageOfErrors_LinksToTheSectionOfItsCode(bool hasProblemDetails)
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(),
            options => options.Errors.DocumentationUrl = "https://docs.example.com/errors",
            services: services =>
            {
                if (hasProblemDetails)
                {
                    services.AddProblemDetails();
                }
            });
        using var response = await app.GetAsync("/");
        var body = JsonDocument.Parse(await response.BodyAsync()).RootElement;
        Assert.That(body.GetProperty("type").GetString(), Is.EqualTo("https://docs.example.com/errors#missing_api_key"));
        Assert.That(body.GetProperty("title").GetString(), Is.EqualTo("Unauthorized"));
    }

    [Test]
    public async Task Body_SlowConnection_IsNotOverwrittenByTheNext()
    {
        var error = ApiKeyError.RateLimited(new RateLimit(5, TimeSpan.FromMinutes(1)), 8);
        using var slow = new SlowStream();
        var context = new DefaultHttpContext { TraceIdentifier = "first" };
        context.Response.Body = slow;
        var sent = ProblemDetailsWriter.WriteAsync(context, error);
        Assert.That(sent.IsCompleted, Is.False);
        var next = await WriteAsync(error, "next1");
        slow.Go.SetResult();
        await sent;
        Assert.That(
            System.Text.Encoding.UTF8.GetString(slow.ToArray()), Is.EqualTo(next.Replace("next1", "first", StringComparison.Ordinal)));
    }

    [Test]
    public void RateLimited_EachLimitAndWait_ReturnsItsOwnError()
    {
        foreach (var permits in Enumerable.Range(1, 50))
        {
            foreach (var wait in new long?[] { null, 1, 2, 59 })
            {
                var error = ApiKeyError.RateLimited(new RateLimit(permits, TimeSpan.FromHours(1)), wait);
                Assert.That((error.Limit?.Permits, error.RetryAfterSeconds), Is.EqualTo(((long?)permits, wait)));
                Assert.That(error.Message, Does.Contain($" {permits}/hour "));
            }
        }
    }

    private static async Task<string> WriteAsync(ApiKeyError error, string traceId)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { TraceIdentifier = traceId };
        context.Response.Body = body;
        await ProblemDetailsWriter.WriteAsync(context, error);
        Assert.That(context.Response.ContentLength, Is.EqualTo(body.Length));
        return System.Text.Encoding.UTF8.GetString(body.ToArray());
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, int status, string title, string code, string detail)
    {
        using (response)
        {
            await response.AssertRefusedAsync(status, code);
            var body = JsonDocument.Parse(await response.BodyAsync()).RootElement;
            Assert.That(
                body.EnumerateObject().Select(member => member.Name),
                Is.EqualTo(new[] { "type", "title", "status", "detail", "code", "traceId" }));
            Assert.That(body.GetProperty("type").GetString(), Is.EqualTo("about:blank"));
            Assert.That(body.GetProperty("title").GetString(), Is.EqualTo(title));
            Assert.That(body.GetProperty("status").GetInt32(), Is.EqualTo(status));
            Assert.That(body.GetProperty("detail").GetString(), Is.EqualTo(detail));
            Assert.That(body.GetProperty("traceId").GetString(), Is.Not.Empty);
        }
    }

    private static Task<TestApp> StartAsync(IApiKeyStore? store = null) => TestApp.StartAsync(
        web =>
        {
            web.MapGet("/", () => "in").RequireAuthorization();
            web.MapGet("/write", () => "in").RequireScope("agents:write");
            web.MapGet("/costly", () => "in").RequireAuthorization().WithRequestCost(2);
        },
        store: store);

    private sealed class SlowStream : MemoryStream
    {
        public TaskCompletionSource Go { get; } = new();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Go.Task;
            Write(buffer.Span);
        }
    }
}
