using System.Net;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.RateLimiting.Http;

/// <summary>
/// Headers of the limiter and of a rotation are on the response once, whatever else writes the same names or clears all headers.
/// </summary>
public sealed class AssignedHeaderTests
{
    private static readonly string[] Names =
        ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "RateLimit-Policy", "RateLimit", "Deprecation", "Sunset"];

    [TestCase("/appends")]
    [TestCase("/assigns")]
    [TestCase("/on-starting")]
    public async Task Headers_BesideThoseOfTheApp_AreOnTheResponseOnce(string path)
    {
        await using var app = await StartAsync(Map);
        using var response = await app.GetAsync(path, await IssueRetiringAsync(app));
        AssertOwn(response);
    }

    [Test]
    public async Task Headers_BehindAReverseProxy_AreOnTheResponseOnce()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var upstream = builder.Build();
        upstream.MapGet("/", (HttpContext context) => WriteForeign(context, append: false));
        await upstream.StartAsync();
        await using var app = await StartAsync(
            web => web.MapForwarder("/", upstream.Urls.First()).RequireAuthorization(), services => services.AddHttpForwarder());
        using var response = await app.GetAsync("/", await IssueRetiringAsync(app));
        Assert.That(await response.BodyAsync(), Is.EqualTo("in"));
        AssertOwn(response);
    }

    [Test]
    public async Task Headers_OfAKeyWithoutLimitsBehindAReverseProxy_AreThoseOfTheUpstream()
    {
        await using var app = await StartAsync(Map);
        using var response = await app.GetAsync("/assigns", await app.IssueAsync());
        Assert.That(response.Line("X-RateLimit-Limit"), Is.EqualTo("foreign"));
    }

    [Test]
    public async Task Headers_OnAResponseOfAnExceptionHandler_AreThere([Values("/failed", null)] string? page)
    {
        await using var app = await StartAsync(Map, before: web => _ = page is null
            ? web.UseExceptionHandler(branch => branch.Run(context => context.Response.WriteAsync("failed")))
            : web.UseExceptionHandler(page));
        using var response = await app.GetAsync("/throws", await IssueRetiringAsync(app));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        AssertOwn(response);
    }

    [Test]
    public async Task RetryAfter_BesideOneOfAnOuterMiddleware_IsOursAlone()
    {
        await using var app = await StartAsync(Map, before: web => web.Use((context, next) =>
        {
            context.Response.Headers.RetryAfter = "1";
            return next(context);
        }));
        var secret = await LimitedApp.IssueAsync(app, "1/minute");
        using var first = await app.GetAsync("/", secret);
        using var rejected = await app.GetAsync("/", secret);
        Assert.That(rejected.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(rejected.Lines("Retry-After"), Is.EqualTo(new[] { "60" }));
    }

    private static void AssertOwn(HttpResponseMessage response)
    {
        foreach (var name in Names)
        {
            Assert.That(response.Lines(name), Has.Length.EqualTo(1).And.None.Contains("foreign"), name);
        }

        LimitedApp.AssertHeaders(response, 9, 8);
    }

    private static Task<TestApp> StartAsync(
        Action<WebApplication> endpoints, Action<IServiceCollection>? services = null, Action<WebApplication>? before = null) =>
        TestApp.StartAsync(
            endpoints, options => options.RateLimiting.Headers = RateLimitHeaderStyle.Both, services: services, before: before);

    private static void Map(WebApplication web)
    {
        web.MapGet("/", () => "in").RequireAuthorization();
        web.MapGet("/appends", (HttpContext context) => WriteForeign(context, append: true)).RequireAuthorization();
        web.MapGet("/assigns", (HttpContext context) => WriteForeign(context, append: false)).RequireAuthorization();
        web.MapGet("/on-starting", (HttpContext context) =>
        {
            context.Response.OnStarting(() => Task.FromResult(WriteForeign(context, append: true)));
            return "in";
        }).RequireAuthorization();
        web.MapGet("/throws", string () => throw new InvalidOperationException("The endpoint fails.")).RequireAuthorization();
        web.Map("/failed", () => "failed");
    }

    private static string WriteForeign(HttpContext context, bool append)
    {
        foreach (var name in Names)
        {
            if (append)
            {
                context.Response.Headers.Append(name, "foreign");
            }
            else
            {
                context.Response.Headers[name] = "foreign";
            }
        }

        return "in";
    }

    private static async Task<string> IssueRetiringAsync(TestApp app)
    {
        var now = app.Clock.GetUtcNow();
        return await LimitedApp.IssueAsync(app, "9/hour", key => key with
        {
            Secrets = [app.Hashed(app.NewSecret()) with { CreatedAt = now }, key.Secrets[0] with { ExpiresAt = now.AddHours(1) }],
        });
    }
}
