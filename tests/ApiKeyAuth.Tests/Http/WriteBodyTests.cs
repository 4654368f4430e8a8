using System.Net;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Http;

/// <summary>The bodies of systems that this library replaces can be reproduced byte for byte.</summary>
public sealed class WriteBodyTests
{
    [Test]
    public async Task Twig_EveryError_HasCodeMessageAndStatus()
    {
        await using var app = await StartAsync((context, error) => context.Response.WriteAsJsonAsync(
            new { error = new { code = error.Code, message = error.Message }, status = error.StatusCode }));
        Assert.That(
            await BodyAsync(app, "/", app.NewSecret()),
            Is.EqualTo("""{"error":{"code":"invalid_api_key","message":"The API key provided is invalid"},"status":401}"""));
        Assert.That(
            await BodyAsync(app, "/", await app.IssueAsync(key => key with { ExpiresAt = ApiKeyExpiry.Parse("2024-12-31", null) })),
            Is.EqualTo("""{"error":{"code":"expired_api_key","message":"API key expired on 2024-12-31"},"status":401}"""));
        Assert.That(
            await BodyAsync(app, "/write", await app.IssueAsync()),
            Is.EqualTo("""{"error":{"code":"insufficient_scope","message":"API key lacks required scope: agents:write"},"status":403}"""));
    }

    [Test]
    public async Task Twyn_UnauthorizedAndLimited_HaveDetailAndRetryAfter()
    {
        await using var app = await StartAsync((context, error) => error.Code == ApiKeyErrorCodes.RateLimitExceeded
            ? context.Response.WriteAsJsonAsync(new
            {
                error = error.Code.ToUpperInvariant(),
                message = $"Rate limit exceeded. Try again in {(error.RetryAfterSeconds + 59) / 60} minutes.",
                retry_after = error.RetryAfterSeconds,
            })
            : context.Response.WriteAsJsonAsync(new { detail = "Invalid or missing API key" }));
        var secret = await app.IssueAsync(key => key with { RateLimits = RateLimit.ParseList("1/45 minutes") });
        using var first = await app.GetAsync("/", secret);
        Assert.That(await BodyAsync(app, "/"), Is.EqualTo("""{"detail":"Invalid or missing API key"}"""));
        Assert.That(await BodyAsync(app, "/", "nonsense"), Is.EqualTo("""{"detail":"Invalid or missing API key"}"""));
        Assert.That(
            await BodyAsync(app, "/", secret),
            Is.EqualTo("""{"error":"RATE_LIMIT_EXCEEDED","message":"Rate limit exceeded. Try again in 45 minutes.","retry_after":2700}"""));
    }

    [Test]
    public async Task AiGateway_InvalidToken_IsPlainText()
    {
        await using var app = await StartAsync((context, _) =>
        {
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync("Invalid authentication token.");
        });
        using var response = await app.GetAsync("/", bearer: app.NewSecret());
        Assert.That(await response.BodyAsync(), Is.EqualTo("Invalid authentication token."));
        Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/plain"));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Line("WWW-Authenticate"), Is.EqualTo("Bearer error=\"invalid_token\""));
    }

    [Test]
    public async Task WriteBody_EachError_GetsAllDetails()
    {
        await using var app = await StartAsync((context, error) => context.Response.WriteAsync(
            $"{error.StatusCode} {error.Code} [{string.Join(',', error.MissingScopes)}] "
            + $"{error.ExpiredAt} {error.Limit} {error.RetryAfterSeconds}"));
        var limited = await app.IssueAsync(key => key with { RateLimits = RateLimit.ParseList("1/hour") });
        using var first = await app.GetAsync("/", limited);
        Assert.That(await BodyAsync(app, "/", limited), Is.EqualTo("429 rate_limit_exceeded []  1/hour 3600"));
        Assert.That(await BodyAsync(app, "/write", limited), Is.EqualTo("403 insufficient_scope [agents:write]   "));
        Assert.That(
            await BodyAsync(app, "/", await app.IssueAsync(key => key with { ExpiresAt = ApiKeyExpiry.Parse("2024-12-31", null) })),
            Is.EqualTo("401 expired_api_key [] 2024-12-31  "));
    }

    [Test]
    public async Task WriteBody_WritesNothing_KeepsStatusAndHeaders()
    {
        await using var app = await StartAsync((_, _) => Task.CompletedTask);
        using var response = await app.GetAsync("/");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Line("WWW-Authenticate"), Is.EqualTo("Bearer"));
        Assert.That(response.Line("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(await response.BodyAsync(), Is.Empty);
    }

    [Test]
    public async Task WriteBody_ChangesTheStatus_IsSent()
    {
        await using var app = await StartAsync((context, _) =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        using var response = await app.GetAsync("/");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task WriteBody_Throws_Is500AndTheRequestRemainsRejected(bool synchronously)
    {
        var thrown = new InvalidOperationException("A body fails.");
        await using var app = await StartAsync((_, _) => synchronously ? throw thrown : Task.FromException(thrown));
        using var response = await app.GetAsync("/", "nonsense");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.BodyAsync(), Is.Empty);
        Assert.That(app.Logs.Entries, Has.Some.Matches<LogCapture.Entry>(entry =>
            entry.Level == LogLevel.Error && entry.Text.Contains("A body fails.", StringComparison.Ordinal)));
    }

    private static async Task<string> BodyAsync(TestApp app, string path, string? key = null)
    {
        using var response = await app.GetAsync(path, key);
        return await response.BodyAsync();
    }

    private static Task<TestApp> StartAsync(Func<HttpContext, ApiKeyError, Task> write) => TestApp.StartAsync(
        web =>
        {
            web.MapGet("/", () => "in").RequireAuthorization();
            web.MapGet("/write", () => "in").RequireScope("agents:write");
        },
        options => options.Errors.WriteBody = write);
}
