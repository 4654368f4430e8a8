using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Scopes required without a scheme, in apps whose default scheme is not the key scheme: keys are accepted beside it.</summary>
[TestFixture("cookie")]
[TestFixture("jwt")]
[TestFixture("forwarding")]
[TestFixture("selector")]
[TestFixture("none")]
public sealed class DefaultSchemeTests(string scheme)
{
    private TestApp _app = null!;

    private bool HasSignInPage => scheme is "cookie" or "selector";

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await MixedApp.StartAsync(scheme, options: options => options.RateLimiting.FailedAuthentications = null);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task RequireScope_ValidKey_IsAccepted([ValueSource(typeof(MixedApp), nameof(MixedApp.Paths))] string path, [Values] bool html, [Values] bool inBearer)
    {
        var key = await KeyAsync("a", "keys:read");
        using var answer = inBearer ? await _app.CallAsync(path, html, bearer: key) : await _app.CallAsync(path, html, key);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        if (!path.Contains("hub", StringComparison.Ordinal) && path != "/api-keys")
        {
            // Once, also if the default scheme forwards to the key scheme.
            Assert.That(await answer.BodyAsync(), Is.EqualTo("ApiKey"));
        }
    }

    [Test]
    public async Task RequireScope_InvalidKey_Is401WithoutRedirect([ValueSource(typeof(MixedApp), nameof(MixedApp.Paths))] string path, [Values] bool html)
    {
        using var answer = await _app.CallAsync(path, html, _app.NewSecret());
        await answer.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(answer.Lines("WWW-Authenticate"), Is.EqualTo(new[] { "Bearer error=\"invalid_token\"" }));
        Assert.That(answer.Headers.Location, Is.Null);
        Assert.That(answer.Lines("Set-Cookie"), Is.Empty);
    }

    [Test]
    public async Task RequireScope_KeyWithoutTheScope_Is403WithoutRedirect([ValueSource(typeof(MixedApp), nameof(MixedApp.Paths))] string path, [Values] bool html)
    {
        using var answer = await _app.CallAsync(path, html, await KeyAsync("b"));
        await answer.AssertRefusedAsync(403, "insufficient_scope");
        Assert.That(answer.Headers.Location, Is.Null);
    }

    [Test]
    public async Task RequireScope_TwoKeys_Is400WithoutRedirect([Values] bool html)
    {
        using var answer = await _app.CallAsync("/minimal", html, _app.NewSecret(), _app.NewSecret());
        await answer.AssertRefusedAsync(400, "invalid_request");
        Assert.That(answer.Headers.Location, Is.Null);
    }

    [Test]
    public async Task RequireScope_NothingFromAProgram_Is401([ValueSource(typeof(MixedApp), nameof(MixedApp.Paths))] string path)
    {
        using var answer = await _app.CallAsync(path);
        await answer.AssertRefusedAsync(401, scheme == "none" ? "missing_api_key" : "missing_credentials");
        Assert.That(answer.Lines("WWW-Authenticate"), Is.EqualTo(scheme == "jwt" ? new[] { "Bearer", "Bearer" } : ["Bearer"]));
        Assert.That(answer.Headers.Location, Is.Null);
        Assert.That(answer.Lines("Set-Cookie"), Is.Empty);
    }

    [Test]
    public async Task RequireScope_NothingFromABrowser_KeepsTheSignInPage([ValueSource(typeof(MixedApp), nameof(MixedApp.Paths))] string path)
    {
        using var answer = await _app.CallAsync(path, html: true);
        if (HasSignInPage && path is "/hub/negotiate")
        {
            // The framework itself redirects no caller of a hub.
            await answer.AssertRefusedAsync(401, "missing_credentials");
            Assert.That(answer.Headers.Location, Is.Null);
        }
        else if (HasSignInPage)
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
            Assert.That(answer.Headers.Location!.OriginalString, Does.Contain("/login?ReturnUrl="));
            Assert.That(answer.Lines("WWW-Authenticate"), Is.Empty);
        }
        else
        {
            await answer.AssertRefusedAsync(401, scheme == "none" ? "missing_api_key" : "missing_credentials");
        }
    }

    [Test]
    public async Task RequireScope_SignedInUser_IsJudgedByItsScopes([Values] bool html)
    {
        Assume.That(HasSignInPage);
        using var with = await _app.CallAsync("/minimal", html, cookie: await _app.SignInAsync("a"));
        using var without = await _app.CallAsync("/minimal", html, cookie: await _app.SignInAsync("b"));
        Assert.That(await with.BodyAsync(), Is.EqualTo("Cookies"));
        if (html)
        {
            Assert.That(without.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
            Assert.That(without.Headers.Location!.OriginalString, Does.Contain("/denied?ReturnUrl="));
        }
        else
        {
            await without.AssertRefusedAsync(403, "insufficient_scope");
        }
    }

    [Test]
    public async Task RequireScope_StaleCookie_SendsABrowserToSignInAndAProgram401([Values] bool html)
    {
        Assume.That(HasSignInPage);
        using var answer = await _app.CallAsync("/minimal", html, cookie: ".AspNetCore.Cookies=stale");
        if (html)
        {
            Assert.That(answer.Headers.Location!.OriginalString, Does.Contain("/login?ReturnUrl="));
        }
        else
        {
            await answer.AssertRefusedAsync(401, "invalid_token");
        }
    }

    [Test]
    public async Task RequireScope_KeyBesideASignedInUser_OneOfThemMustHoldTheScope([Values] bool html)
    {
        Assume.That(scheme, Is.EqualTo("cookie"));
        using var byUser = await _app.CallAsync("/minimal", html, await KeyAsync("b"), cookie: await _app.SignInAsync("a"));
        using var byKey = await _app.CallAsync("/minimal", html, await KeyAsync("a"), cookie: await _app.SignInAsync("b"));
        using var byNone = await _app.CallAsync("/minimal", html, await KeyAsync("b"), cookie: await _app.SignInAsync("b"));
        Assert.That(byUser.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(byKey.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await byNone.AssertRefusedAsync(403, "insufficient_scope");
    }

    [Test]
    public async Task RequireScope_Token_IsJudgedByTheDefaultScheme([Values] bool html)
    {
        Assume.That(scheme, Is.AnyOf("jwt", "forwarding"));
        using var with = await _app.CallAsync("/minimal", html, bearer: Jwts.Create(("scope", "a")));
        using var without = await _app.CallAsync("/minimal", html, bearer: Jwts.Create());
        using var forged = await _app.CallAsync("/minimal", html, bearer: Jwts.Create(("scope", "a")) + "x");
        Assert.That(with.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await without.AssertRefusedAsync(403, "insufficient_scope");
        Assert.That(await without.BodyAsync(), Does.Contain("Access token lacks required scope: a"));
        await forged.AssertRefusedAsync(401, "invalid_token");
        Assert.That(forged.Lines("WWW-Authenticate"), Is.All.StartsWith("Bearer error=\"invalid_token\""));
    }

    [Test]
    public async Task RequireScope_KeyOverItsLimit_IsCharged()
    {
        var key = await _app.IssueAsync(key => key with { Scopes = TestApp.Scopes("a"), RateLimits = RateLimit.ParseList("1/hour") });
        using var first = await _app.CallAsync("/minimal", key: key);
        using var second = await _app.CallAsync("/minimal", key: key);
        Assert.That(first.Number("X-RateLimit-Remaining"), Is.EqualTo(0));
        await second.AssertRefusedAsync(429, "rate_limit_exceeded");
    }

    [TestCase("/hub")]
    [TestCase("/methods")]
    public async Task RequireScope_OnAHubOrItsMethod_KnowsTheKeyOfTheConnection(string path)
    {
        var key = await KeyAsync("a");
        await using var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(_app.Client.BaseAddress!, path), options => options.Headers["X-API-Key"] = key)
            .Build();
        await connection.StartAsync();
        Assert.That(await connection.InvokeAsync<string>("Who"), Does.StartWith("key"));
    }

    [Test]
    public async Task FallbackPolicy_OfScopes_IsMetByAKeyWithAndWithoutAnEndpoint()
    {
        Assume.That(scheme, Is.AnyOf("cookie", "jwt"));
        await using var app = await MixedApp.StartAsync(
            scheme, web => web.MapGet("/bare", () => "in"),
            services: services => services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireScope("a").Build()));
        var key = await app.IssueAsync(key => key with { Scopes = TestApp.Scopes("a") });
        using var bare = await app.CallAsync("/bare", key: key);
        using var nowhere = await app.CallAsync("/nowhere", key: key);
        using var bad = await app.CallAsync("/nowhere", html: true, app.NewSecret());
        Assert.That(bare.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(nowhere.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        await bad.AssertRefusedAsync(401, "invalid_api_key");
    }

    [Test]
    public async Task RequireAuthorization_WithoutScopes_StaysTheDefaultSchemesOwn()
    {
        Assume.That(scheme, Is.AnyOf("cookie", "jwt"));
        using var nothing = await _app.CallAsync("/any");
        using var key = await _app.CallAsync("/any", key: await KeyAsync("a"));
        foreach (var answer in new[] { nothing, key })
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HasSignInPage ? HttpStatusCode.Redirect : HttpStatusCode.Unauthorized));
            Assert.That(await answer.BodyAsync(), Is.Empty);
        }
    }

    private Task<string> KeyAsync(params string[] scopes) => _app.IssueAsync(key => key with { Scopes = TestApp.Scopes(scopes) });
}
