using System.Net;
using System.Text.Json;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Http;

/// <summary>Tests the errors of an app that calls <c>AddProblemDetails()</c>.</summary>
public sealed class ProblemDetailsServiceTests
{
    [Test]
    public async Task Body_OfEachError_IsTheSameAsWithoutTheService()
    {
        await using var app = await StartAsync();
        await using var other = await StartAsync(services => services.AddProblemDetails());

        var expected = await GetErrorsAsync(app);
        var errors = await GetErrorsAsync(other);

        Assert.That(errors, Is.EqualTo(expected));
        Assert.That(errors, Has.Some.EqualTo(
            """409 {"type":"about:blank","title":"Conflict","status":409,"detail":"A field """
            + """is wrong","code":"own_code","traceId":"-","errors":{"name":"is taken"}}"""));
        Assert.That(errors, Has.Some.EqualTo(
            """403 {"type":"about:blank","title":"Forbidden","status":403,"detail":"API key lacks """
            + """required scope: agents:write","code":"insufficient_scope","traceId":"-"}"""));
    }

    [Test]
    public async Task Customize_AnyError_Applies()
    {
        await using var app = await StartAsync(services => services.AddProblemDetails(options =>
            options.CustomizeProblemDetails = problem =>
            {
                problem.ProblemDetails.Type = $"https://example.com/errors/{problem.ProblemDetails.Extensions["code"]}";
                problem.ProblemDetails.Instance = problem.HttpContext.Request.Path;
                problem.ProblemDetails.Extensions["node"] = "node-1";
            }));

        using var response = await app.GetAsync("/write", await app.IssueAsync());

        await response.AssertRefusedAsync(403, "insufficient_scope");
        var body = JsonDocument.Parse(await response.BodyAsync()).RootElement;
        Assert.That(
            body.EnumerateObject().Select(member => member.Name),
            Is.EqualTo(new[] { "type", "title", "status", "detail", "instance", "code", "traceId", "node" }));
        Assert.That(body.GetProperty("type").GetString(), Is.EqualTo("https://example.com/errors/insufficient_scope"));
        Assert.That(body.GetProperty("instance").GetString(), Is.EqualTo("/write"));
        Assert.That(body.GetProperty("node").GetString(), Is.EqualTo("node-1"));
    }

    [Test]
    public async Task Customize_Throws_Is500AndTheRequestRemainsRejected()
    {
        await using var app = await StartAsync(services => services.AddProblemDetails(options =>
            options.CustomizeProblemDetails = _ => throw new InvalidOperationException("A customization fails.")));

        using var response = await app.GetAsync("/", "nonsense");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.BodyAsync(), Is.Empty);
        Assert.That(app.Logs.Entries, Has.Some.Matches<LogCapture.Entry>(entry =>
            entry.Level == LogLevel.Error && entry.Text.Contains("A customization fails.", StringComparison.Ordinal)));
    }

    [TestCase("text/html")]
    [TestCase("application/xml, text/plain;q=0.5")]
    public async Task Accept_TypeThatTheServiceDoesNotWrite_GetsTheBodyOfOtherApps(string accept)
    {
        await using var app = await StartAsync(services => services.AddProblemDetails(options =>
            options.CustomizeProblemDetails = problem => problem.ProblemDetails.Extensions["node"] = "node-1"));
        await using var other = await StartAsync();

        var response = await app.SendRawAsync("/", "X-API-Key: nonsense", $"Accept: {accept}");

        Assert.That(response, Does.StartWith("HTTP/1.1 401 Unauthorized").And.Contains("\r\nContent-Length: "));
        Assert.That(
            Answers.Normalized(response),
            Is.EqualTo(Answers.Normalized(await other.SendRawAsync("/", "X-API-Key: nonsense", $"Accept: {accept}"))));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Head_Rejected_HasStatusAndHeadersWithoutBody(bool usesService)
    {
        await using var app = await StartAsync(services => _ = usesService ? services.AddProblemDetails() : services);
        using var request = new HttpRequestMessage(HttpMethod.Head, "/head");

        using var response = await app.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Line("WWW-Authenticate"), Is.EqualTo("Bearer"));
        Assert.That(response.Line("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(await response.BodyAsync(), Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task RateLimitExceeded_Response_HasItsHeaders(bool usesService)
    {
        await using var app = await StartAsync(services => _ = usesService ? services.AddProblemDetails() : services);
        var secret = await app.IssueAsync(key => key with { RateLimits = RateLimit.ParseList("1/minute") });
        using var admitted = await app.GetAsync("/", secret);

        using var response = await app.GetAsync("/", secret);

        await response.AssertRefusedAsync(429, "rate_limit_exceeded");
        Assert.That(response.Number("Retry-After"), Is.EqualTo(60));
        Assert.That(response.Number("X-RateLimit-Limit"), Is.EqualTo(1));
        Assert.That(response.Number("X-RateLimit-Remaining"), Is.EqualTo(0));
        Assert.That(
            response.Number("X-RateLimit-Reset"), Is.EqualTo(app.Clock.GetUtcNow().AddMinutes(1).ToUnixTimeSeconds()));
    }

    [Test]
    public async Task WriteBody_Set_ReplacesTheService()
    {
        await using var app = await StartAsync(
            services => services.AddProblemDetails(),
            options => options.Errors.WriteBody = (context, error) => context.Response.WriteAsync(error.Code));

        using var response = await app.GetAsync("/");

        Assert.That(await response.BodyAsync(), Is.EqualTo("missing_api_key"));
    }

    [Test]
    public async Task Controller_WhoseWriterWritesNothing_StillGetsABody()
    {
        await using var app = await StartAsync(services => services.AddProblemDetails().AddControllers()
            .ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new OnlyControllers(typeof(PlainController)))));

        using var response = await app.GetAsync("/plain");

        await response.AssertRefusedAsync(401, "missing_api_key");
    }

    private static async Task<List<string>> GetErrorsAsync(TestApp app)
    {
        var limited = await app.IssueAsync(key => key with { RateLimits = RateLimit.ParseList("2/minute") });
        var expired = await app.IssueAsync(key => key with { ExpiresAt = new ApiKeyExpiry(new DateOnly(2025, 12, 30)) });
        var errors = new List<string>();
        foreach (var (path, key, bearer) in new (string, string?, string?)[]
        {
            ("/", null, null), ("/", "nonsense", null), ("/", "a", "key_test_a"), ("/", expired, null), ("/write", limited, null),
            ("/own", limited, null), ("/", limited, null), ("/", limited, null),
        })
        {
            using var response = await app.GetAsync(path, key, bearer);
            errors.Add(Answers.Normalized($"{(int)response.StatusCode} {await response.BodyAsync()}"));
        }

        return errors;
    }

    private static Task<TestApp> StartAsync(Action<IServiceCollection>? services = null, Action<ApiKeyAuthOptions>? options = null) =>
        TestApp.StartAsync(
            web =>
            {
                web.MapGet("/", () => "in").RequireAuthorization();
                web.MapMethods("/head", ["HEAD"], () => "in").RequireAuthorization();
                web.MapGet("/write", () => "in").RequireScope("agents:write");
                web.MapGet("/own", () => new ApiKeyError
                {
                    StatusCode = 409,
                    Code = "own_code",
                    Message = "A field is wrong",
                    Fields = new Dictionary<string, string> { ["name"] = "is taken" },
                }).RequireAuthorization();
                if (web.Services.GetService<Microsoft.AspNetCore.Mvc.Infrastructure.IActionDescriptorCollectionProvider>() is not null)
                {
                    web.MapControllers().RequireAuthorization();
                }
            },
            options,
            services: services);

    [NonController]
    public sealed class PlainController : ControllerBase
    {
        [HttpGet("plain")]
        public IActionResult Get() => Ok("in");
    }
}
