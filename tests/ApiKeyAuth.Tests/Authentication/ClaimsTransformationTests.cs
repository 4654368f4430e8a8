using System.Net;
using System.Security.Claims;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authentication;

public sealed class ClaimsTransformationTests
{
    [Test]
    public async Task Transformation_AddsAScope_GrantsItWithWhatItImplies()
    {
        await using var app = await StartAsync(user => Identity(user).AddClaim(new Claim("scope", "write")));
        using var answer = await app.GetAsync("/read", await app.IssueAsync());
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Transformation_AddsAnAuthenticatedIdentity_GrantsItsScopes()
    {
        await using var app = await StartAsync(user => user.AddIdentity(new ClaimsIdentity([new Claim("scope", "write")], "App")));
        using var answer = await app.GetAsync("/write", await app.IssueAsync());
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Transformation_AddsAnUnauthenticatedIdentity_GrantsNothing()
    {
        await using var app = await StartAsync(user => user.AddIdentity(new ClaimsIdentity([new Claim("scope", "write")])));
        using var answer = await app.GetAsync("/write", await app.IssueAsync());
        await answer.AssertRefusedAsync(403, "insufficient_scope");
    }

    [TestCase("write")]
    [TestCase("*")]
    public async Task Transformation_RemovesTheScope_Refuses(string granted)
    {
        await using var app = await StartAsync(user => Identity(user).TryRemoveClaim(user.FindFirst("scope")));
        using var answer = await app.GetAsync("/write", await app.IssueAsync(key => key with { Scopes = TestApp.Scopes(granted) }));
        await answer.AssertRefusedAsync(403, "insufficient_scope");
        Assert.That(await answer.BodyAsync(), Does.Contain("API key lacks required scope: write"));
    }

    [Test]
    public async Task Transformation_BuildsANewIdentity_IsJudgedByItAndLimitedByTheKey()
    {
        await using var app = await StartAsync(replace: user => new ClaimsPrincipal(
            new ClaimsIdentity([.. user.Claims, new Claim("scope", "write")], "App", "api_key_name", null)));
        var secret = await app.IssueAsync(key => key with { RateLimits = RateLimit.ParseList("1/hour") });
        using var first = await app.GetAsync("/write", secret);
        using var second = await app.GetAsync("/write", secret);
        Assert.That(await first.BodyAsync(), Is.EqualTo("a name App"));
        Assert.That(first.Number("X-RateLimit-Remaining"), Is.Zero);
        await second.AssertRefusedAsync(429, "rate_limit_exceeded");
    }

    [Test]
    public async Task Transformation_CopiesTheIdentity_KeepsScopesByNameAndNoWildcard()
    {
        await using var app = await StartAsync(replace: user => new ClaimsPrincipal(new ClaimsIdentity(user.Identity)));
        using var named = await app.GetAsync("/read", await app.IssueAsync(key => key with { Scopes = TestApp.Scopes("write") }));
        using var wildcard = await app.GetAsync("/read", await app.IssueAsync(key => key with { Scopes = TestApp.Scopes("*") }));
        Assert.That(named.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await wildcard.AssertRefusedAsync(403, "insufficient_scope");
    }

    [Test]
    public async Task Transformation_ClonesThePrincipal_KeepsWildcardsAndTheLimit()
    {
        await using var app = await StartAsync(replace: user => user.Clone());
        using var answer = await app.GetAsync("/write", await app.IssueAsync(
            key => key with { Scopes = TestApp.Scopes("*"), RateLimits = RateLimit.ParseList("9/hour") }));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Number("X-RateLimit-Remaining"), Is.EqualTo(8));
    }

    [Test]
    public async Task Transformation_DropsTheIdentity_IsStillLimitedThoughNobodysKey()
    {
        await using var app = await StartAsync(replace: _ => new ClaimsPrincipal(new ClaimsIdentity([], "App")));
        var secret = await app.IssueAsync(key => key with { RateLimits = RateLimit.ParseList("1/hour") });
        using var first = await app.GetAsync("/id", secret);
        using var second = await app.GetAsync("/id", secret);
        Assert.That(await first.BodyAsync(), Is.EqualTo("nobody"));
        await second.AssertRefusedAsync(429, "rate_limit_exceeded");
    }

    [Test]
    public async Task Transformation_Throws_Is500()
    {
        await using var app = await StartAsync(_ => throw new InvalidOperationException("A transformation fails."));
        using var answer = await app.GetAsync("/id", await app.IssueAsync());
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
    }

    [Test]
    public async Task Transformation_OfAHundredRequestsAtOnce_LeaksIntoNoOther()
    {
        var number = 0;
        await using var app = await StartAsync(user =>
        {
            var mine = Interlocked.Increment(ref number).ToString(null, null);
            foreach (var claim in user.Claims)
            {
                claim.Properties["mine"] = mine;
            }

            Identity(user).AddClaim(new Claim("mine", mine));
            Identity(user).Label = mine;
            Identity(user).TryRemoveClaim(user.FindFirst("tenant_id"));
        });
        var secret = await app.IssueAsync(key => key with { TenantId = "acme", Scopes = TestApp.Scopes("read") });
        var bodies = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using var answer = await app.GetAsync("/mine", secret);
            return await answer.BodyAsync();
        }));
        Assert.That(bodies, Is.Unique);
        Assert.That(bodies, Is.All.Matches<string>(body => body.Split(' ') is [var first, .. var rest] && rest.All(same => same == first)));
    }

    [Test]
    public async Task Endpoint_ChangesItsPrincipal_LeaksIntoNoOther()
    {
        await using var app = await TestApp.StartAsync(web => web.MapGet("/", (HttpContext context) =>
        {
            var before = context.User.Claims.Count() + context.User.Claims.Sum(claim => claim.Properties.Count);
            Identity(context.User).AddClaim(new Claim("scope", "write"));
            context.User.FindFirst("api_key_id")!.Properties["mine"] = "1";
            return $"{before}";
        }).RequireAuthorization());
        var secret = await app.IssueAsync();
        var bodies = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using var answer = await app.GetAsync("/", secret);
            return await answer.BodyAsync();
        }));
        Assert.That(bodies, Is.All.EqualTo("3"));
    }

    private static ClaimsIdentity Identity(ClaimsPrincipal user) => (ClaimsIdentity)user.Identity!;

    private static Task<TestApp> StartAsync(
        Action<ClaimsPrincipal>? change = null, Func<ClaimsPrincipal, ClaimsPrincipal>? replace = null) =>
        TestApp.StartAsync(
        web =>
        {
            var who = (HttpContext context) => $"{context.User.Identity!.Name} {context.User.Identity.AuthenticationType}";
            web.MapGet("/read", who).RequireScope("read");
            web.MapGet("/write", who).RequireScope("write");
            web.MapGet("/id", (HttpContext context) => context.GetApiKey()?.Id ?? "nobody").RequireAuthorization();
            web.MapGet("/mine", (HttpContext context) =>
                $"{context.User.FindFirst("mine")!.Value} {Identity(context.User).Label} "
                + string.Join(' ', context.User.Claims.Where(claim => claim.Type != "mine").Select(claim => claim.Properties["mine"]))
                + (context.User.HasClaim(claim => claim.Type == "tenant_id") ? " tenant" : "")).RequireScope("read");
        },
        options =>
        {
            options.Scopes.Add(new ScopeDefinition { Name = "read" });
            options.Scopes.Add(new ScopeDefinition { Name = "write", Implies = ["read"] });
        },
        services: services => services.AddTransient<IClaimsTransformation>(_ => new Transformation(change, replace)));

    private sealed class Transformation(
        Action<ClaimsPrincipal>? change, Func<ClaimsPrincipal, ClaimsPrincipal>? replace) : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            change?.Invoke(principal);
            return Task.FromResult(replace?.Invoke(principal) ?? principal);
        }
    }
}
