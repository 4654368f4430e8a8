using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Tests.TestHost;
using ApiKeyAuth.Tests.Usage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.RateLimiting.Http;

/// <summary>Requests for which the pipeline runs again, for the page that reports an error: all of it is one request.</summary>
public sealed class RepeatedRunTests
{
    [TestCase("/throws", 500, 1)]
    [TestCase("/throws-dear", 500, 5)]
    [TestCase("/broken", 502, 1)]
    [TestCase("/gone", 404, 1)]
    [TestCase("/exempt-throws", 500, 0)]
    [TestCase("/open-throws", 500, 0)]
    [TestCase("/no-endpoint", 404, 1)]
    public async Task Request_RunAgainForAnErrorPage_IsChargedOnce(string path, int status, int cost)
    {
        await using var app = await StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "20/hour");
        using var response = await app.GetAsync(path, secret);
        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(await response.BodyAsync(), Is.EqualTo($"error page {status}"));
        if (cost > 0)
        {
            LimitedApp.AssertHeaders(response, 20, 20 - cost);
        }

        using var next = await app.GetAsync("/", secret);
        LimitedApp.AssertHeaders(next, 20, 19 - cost);
    }

    [TestCase("/throws", 500)]
    [TestCase("/broken", 502)]
    public async Task ExecutedRequest_ThatUsedUpTheLimit_IsNotAnsweredWith429(string path, int status)
    {
        await using var app = await StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "1/hour");
        using var response = await app.GetAsync(path, secret);
        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(await response.BodyAsync(), Is.EqualTo($"error page {status}"));
        using var refused = await app.GetAsync(path, secret);
        await refused.AssertRefusedAsync(429, "rate_limit_exceeded");
    }

    [Test]
    public async Task Request_RoutedAgainByTheApp_CostsAsMuchAsTheMostExpensiveEndpoint()
    {
        await using var app = await StartAsync(web => web.Use(async (context, next) =>
        {
            await next(context);
            if (context.Request.Path == "/gone-then-dear")
            {
                context.Response.Clear();
                (context.Request.Path, var old) = ("/dear", context.Request.Path);
                context.SetEndpoint(null);
                await next(context);
                context.Request.Path = old;
            }
        }).UseRouting());
        var secret = await LimitedApp.IssueAsync(app, "20/hour");
        using var response = await app.GetAsync("/gone-then-dear", secret);
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        LimitedApp.AssertHeaders(response, 20, 15);
    }

    [Test]
    public async Task Request_ThroughABranchWithAnotherEndpoint_CostsAsMuchAsTheMostExpensive()
    {
        await using var app = await TestApp.StartAsync(web =>
        {
            web.MapGet("/branch/dear", () => "outer").RequireAuthorization().WithRequestCost(3);
            web.Use((context, next) =>
            {
                context.SetEndpoint(null);
                return next(context);
            });
            web.UseWhen(_ => true, branch => branch.UseRouting().UseApiKeyAuth().UseEndpoints(
                endpoints => endpoints.MapGet("/branch/dear", () => "in").RequireAuthorization().WithRequestCost(5)));
        });
        var secret = await LimitedApp.IssueAsync(app, "20/hour");
        using var response = await app.GetAsync("/branch/dear", secret);
        LimitedApp.AssertHeaders(response, 20, 15);
    }

    [Test]
    public async Task RejectedRequest_RunAgainForAnErrorPage_IsChargedOnce()
    {
        await using var app = await StartAsync(options: options =>
        {
            options.RateLimiting.ChargeRejectedRequests = true;
            options.Errors.WriteBody = (_, _) => Task.CompletedTask;
        });
        var secret = await LimitedApp.IssueAsync(app, "20/hour");
        using var refused = await app.GetAsync("/write", secret);
        Assert.That((int)refused.StatusCode, Is.EqualTo(403));
        Assert.That(await refused.BodyAsync(), Is.EqualTo("error page 403"));
        using var next = await app.GetAsync("/", secret);
        LimitedApp.AssertHeaders(next, 20, 18);
    }

    [TestCase("/", null, 401)]
    [TestCase("/", "unknown", 401)]
    [TestCase("/write", "known", 403)]
    public async Task Rejection_WithoutABody_IsWrittenOnceAndReportedByTheErrorPage(string path, string? key, int status)
    {
        var written = 0;
        await using var app = await StartAsync(options: options => options.Errors.WriteBody = (_, _) =>
        {
            written++;
            return Task.CompletedTask;
        });
        var known = await app.IssueAsync();
        using var response = await app.GetAsync(path, key switch { "known" => known, null => null, _ => app.NewSecret() });
        Assert.That((int)response.StatusCode, Is.EqualTo(status));

        // Without a valid key the fallback policy refuses the page too.
        Assert.That(await response.BodyAsync(), Is.EqualTo(status == 403 ? "error page 403" : ""));
        Assert.That(written, Is.EqualTo(status == 403 ? 1 : 2));
        Assert.That(response.Lines("WWW-Authenticate"), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Rejection_WhoseBodyCannotBeWritten_DoesNotReplaceTheErrorPage()
    {
        await using var app = await StartAsync(
            web => web.UseExceptionHandler("/failed"),
            options => options.Errors.WriteBody = (_, _) => throw new InvalidOperationException("The body fails."));
        using var response = await app.GetAsync("/");
        Assert.That((int)response.StatusCode, Is.EqualTo(503));
    }

    [Test]
    public async Task MissingScope_OfTheFirstRun_DoesNotReplaceTheErrorPage()
    {
        await using var app = await TestApp.StartAsync(
            web =>
            {
                web.MapGet("/", async (HttpContext context, IAuthorizationService authorization) =>
                {
                    var result = await authorization.AuthorizeAsync(context.User, context, "scope:write");
                    return result.Succeeded ? "in" : throw new InvalidOperationException("The endpoint fails.");
                }).RequireAuthorization();
                web.Map("/failed", () => Results.StatusCode(403));
            },
            services: services => services.AddAuthorizationBuilder().AddPolicy("scope:write", policy => policy.RequireScope("write")),
            before: web => web.UseExceptionHandler("/failed"));
        using var response = await app.GetAsync("/", await app.IssueAsync());
        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        Assert.That(await response.BodyAsync(), Is.Empty);
    }

    [Test]
    public async Task FailedKey_RunAgainForAnErrorPage_IsCountedOnce()
    {
        await using var app = await StartAsync(
            options: options => options.RateLimiting.FailedAuthentications = new RateLimit(1, TimeSpan.FromMinutes(1)));
        Assert.That(await LimitedApp.StatusAsync(app, "/open-throws", "nonsense"), Is.EqualTo(500).Or.EqualTo(401));
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(429));
    }

    [TestCase("/throws", "server_error")]
    [TestCase("/gone", "client_error")]
    [TestCase("/write", "insufficient_scope")]
    public async Task Usage_RunAgainForAnErrorPage_IsCountedOnceByTheReason(string path, string outcome)
    {
        await using var app = await ManagedApp.StartAsync(
            options: options => options.Errors.WriteBody = (_, _) => Task.CompletedTask,
            services: AddFallbackPolicy, before: UseErrorPages, endpoints: Map);
        await app.UseAsync(await app.App.IssueAsync(), path);
        Assert.That(await app.OutcomesAsync(), Is.EqualTo(new Dictionary<string, long> { [outcome] = 1 }));
    }

    [Test]
    public async Task Usage_ErrorPageOfARequestThatActedForAToken_CountsNotTheKeySentAlong([Values] bool isPageOpen)
    {
        await using var app = await ManagedApp.StartAsync(
            services: services => services.AddJwt(),
            before: web => web.UseExceptionHandler("/page"),
            endpoints: web =>
            {
                web.MapGet("/acts", Throw)
                    .RequireAuthorization(new RequireScopeAttribute("write") { AuthenticationSchemes = "ApiKey,Bearer" });
                var page = web.Map("/page", () => "page");
                _ = isPageOpen ? page : page.RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "ApiKey,Bearer" });
            });
        using var response = await app.App.GetAsync("/acts", await app.App.IssueAsync(), Jwts.Create(("scope", "write")));
        Assert.That(await response.BodyAsync(), Is.EqualTo("page"));
        Assert.That(await app.OutcomesAsync(), Is.Empty);
    }

    private static Task<TestApp> StartAsync(Action<WebApplication>? before = null, Action<ApiKeyAuthOptions>? options = null) =>
        TestApp.StartAsync(
        Map,
        options,
        services: AddFallbackPolicy,
        before: web =>
        {
            UseErrorPages(web);
            before?.Invoke(web);
        });

    private static void AddFallbackPolicy(IServiceCollection services) =>
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

    private static void UseErrorPages(WebApplication web) => web.UseExceptionHandler("/error").UseStatusCodePagesWithReExecute("/error");

    private static void Map(WebApplication web)
    {
        web.MapGet("/", () => "in");
        web.MapGet("/throws", Throw);
        web.MapGet("/throws-dear", Throw).WithRequestCost(5);
        web.MapGet("/exempt-throws", Throw).WithoutRateLimit();
        web.MapGet("/open-throws", Throw).AllowAnonymous();
        web.MapGet("/broken", () => Results.StatusCode(502));
        web.MapGet("/gone", () => Results.NotFound());
        web.MapGet("/gone-then-dear", () => Results.NotFound());
        web.MapGet("/dear", () => "in").WithRequestCost(5);
        web.MapGet("/write", () => "in").RequireScope("write");
        web.Map("/error", (HttpContext context) => $"error page {context.Response.StatusCode}");
        web.Map("/failed", () => Results.StatusCode(503)).AllowAnonymous();
    }

    private static string Throw() => throw new InvalidOperationException("The endpoint fails.");
}
