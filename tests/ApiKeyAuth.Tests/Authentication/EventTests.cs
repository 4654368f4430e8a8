using System.Net;
using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authentication;

public sealed class EventTests
{
    [Test]
    public async Task Validated_PrincipalReplaced_IsTheEndpoints()
    {
        await using var app = await StartAsync(events => events.OnValidated = context =>
        {
            context.Principal = new ClaimsPrincipal(
                new ClaimsIdentity([new Claim("scope", "write"), new Claim("from", context.Key.Id)], "App"));
            return Task.CompletedTask;
        });
        var secret = await app.IssueAsync(key => key with { RateLimits = RateLimit.ParseList("5/hour") });
        using var answer = await app.GetAsync("/write", secret);
        Assert.That(await answer.BodyAsync(), Is.EqualTo("from=key1 scope=write"));
        Assert.That(answer.Number("X-RateLimit-Remaining"), Is.EqualTo(4));
    }

    [Test]
    public async Task Validated_IdentityCopiedUnderAnotherType_HoldsTheKeysClaims()
    {
        // This constructor reads the other's claims without asking for anything that could be overridden.
        await using var app = await StartAsync(events => events.OnValidated = context =>
        {
            context.Principal = new ClaimsPrincipal(
                new ClaimsIdentity(context.Principal!.Identity, [new Claim("scope", "write")], "App", null, null));
            return Task.CompletedTask;
        });
        using var answer = await app.GetAsync("/write", await app.IssueAsync());
        Assert.That(await answer.BodyAsync(), Does.Contain("api_key_id=key1").And.Contain("scope=write"));
    }

    [Test]
    public async Task Validated_IdentityAdded_JoinsTheKeys()
    {
        await using var app = await StartAsync(events => events.OnValidated = context =>
        {
            context.Principal!.AddIdentity(new ClaimsIdentity([new Claim("scope", "write")], "App"));
            return Task.CompletedTask;
        });
        using var answer = await app.GetAsync("/write", await app.IssueAsync());
        Assert.That(await answer.BodyAsync(), Does.Contain("api_key_id=key1").And.Contain("scope=write"));
    }

    [Test]
    public async Task Validated_FailOrNoResult_ReadsLikeAnInvalidKey()
    {
        foreach (
            var refuse in new Action<ApiKeyValidatedContext>[] { context => context.Fail("secret reason"), context => context.NoResult() })
        {
            await using var app = await StartAsync(events => events.OnValidated = context =>
            {
                refuse(context);
                return Task.CompletedTask;
            });
            using var answer = await app.GetAsync("/", await app.IssueAsync());
            await answer.AssertRefusedAsync(401, "invalid_api_key");
            Assert.That(await answer.BodyAsync(), Does.Not.Contain("secret reason"));
        }
    }

    [Test]
    public async Task AuthenticationFailed_RefusedKey_HearsCodeAndIdWhereTheSecretWasProved()
    {
        var heard = new List<string>();
        await using var app = await StartAsync(events => events.OnAuthenticationFailed = context =>
        {
            heard.Add($"{context.Error.Code} {context.KeyId}");
            return Task.CompletedTask;
        });
        foreach (var secret in new[] { app.NewSecret(), "nonsense", await app.IssueAsync(key => key with { Enabled = false }) })
        {
            using var answer = await app.GetAsync("/", secret);
        }

        using var missing = await app.GetAsync("/");
        Assert.That(heard, Is.EqualTo(new[] { "invalid_api_key ", "invalid_api_key ", "invalid_api_key key1" }));
    }

    [Test]
    public async Task Challenge_Handled_LeavesTheAnswerToTheApp()
    {
        await using var app = await StartAsync(events => events.OnChallenge = async context =>
        {
            context.HandleResponse();
            context.Response.StatusCode = 418;
            await context.Response.WriteAsync(context.Error.Code);
        });
        using var missing = await app.GetAsync("/");
        using var invalid = await app.GetAsync("/", "nonsense");
        Assert.That(missing.StatusCode, Is.EqualTo((HttpStatusCode)418));
        Assert.That(await missing.BodyAsync(), Is.EqualTo("missing_api_key"));
        Assert.That(await invalid.BodyAsync(), Is.EqualTo("invalid_api_key"));
        Assert.That(invalid.Lines("WWW-Authenticate"), Is.Empty);
    }

    [Test]
    public async Task Forbidden_Handled_LeavesTheAnswerToTheApp()
    {
        await using var app = await StartAsync(events => events.OnForbidden = context =>
        {
            context.HandleResponse();
            context.Response.Redirect("/upgrade?scope=" + context.Error.MissingScopes.Single());
            return Task.CompletedTask;
        });
        using var answer = await app.GetAsync("/write", await app.IssueAsync());
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(answer.Headers.Location!.OriginalString, Is.EqualTo("/upgrade?scope=write"));
        Assert.That(await answer.BodyAsync(), Is.Empty);
    }

    [Test]
    public async Task Forbidden_HandledWithABare403_StaysTheApps()
    {
        await using var app = await StartAsync(events => events.OnForbidden = context =>
        {
            context.HandleResponse();
            context.Response.StatusCode = 403;
            context.Response.Headers["X-Mine"] = "1";
            return Task.CompletedTask;
        });
        using var answer = await app.GetAsync("/write", await app.IssueAsync());
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await answer.BodyAsync(), Is.Empty);
        Assert.That(answer.Line("X-Mine"), Is.EqualTo("1"));
        Assert.That(answer.Lines("WWW-Authenticate"), Is.Empty);
    }

    [Test]
    public async Task EventsType_FromServices_IsAsked()
    {
        await using var app = await TestApp.StartAsync(
            Map,
            services: services => services.AddScoped<Gatekeeper>().AddSingleton("closed"),
            keys: keys => keys.AddScheme("ApiKey", scheme => scheme.EventsType = typeof(Gatekeeper)));
        using var closed = await app.GetAsync("/", await app.IssueAsync(key => key with { Name = "closed" }));
        using var open = await app.GetAsync("/", await app.IssueAsync(key => key with { Name = "open" }));
        await closed.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(open.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("validated", "/")]
    [TestCase("failed", "/")]
    [TestCase("challenge", "/")]
    [TestCase("forbidden", "/write")]
    [TestCase("validated", "/open")]
    public async Task Event_Throws_Is500AndLetsNobodyIn(string which, string path)
    {
        var thrown = new InvalidOperationException("An event fails.");
        await using var app = await StartAsync(events =>
        {
            events.OnValidated = _ => which == "validated" ? throw thrown : Task.CompletedTask;
            events.OnAuthenticationFailed = _ => which == "failed" ? throw thrown : Task.CompletedTask;
            events.OnChallenge = _ => which == "challenge" ? throw thrown : Task.CompletedTask;
            events.OnForbidden = _ => which == "forbidden" ? throw thrown : Task.CompletedTask;
        });
        using var answer = await app.GetAsync(path, which is "failed" or "challenge" ? "nonsense" : await app.IssueAsync());
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await answer.BodyAsync(), Is.Empty);
    }

    private static Task<TestApp> StartAsync(Action<ApiKeyEvents> set) =>
        TestApp.StartAsync(Map, keys: keys => keys.AddScheme("ApiKey", scheme => set(scheme.Events)));

    private static void Map(WebApplication web)
    {
        var claims = (HttpContext context) => string.Join(' ', context.User.Claims.Select(claim => $"{claim.Type}={claim.Value}").Order());
        web.MapGet("/", claims).RequireAuthorization();
        web.MapGet("/write", claims).RequireScope("write");
        web.MapGet("/open", claims);
    }

    private sealed class Gatekeeper(string closed) : ApiKeyEvents
    {
        public override Task Validated(ApiKeyValidatedContext context)
        {
            if (context.Key.Name == closed)
            {
                context.Fail("Closed.");
            }

            return Task.CompletedTask;
        }
    }
}
