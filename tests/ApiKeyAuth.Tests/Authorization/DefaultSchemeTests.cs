using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.SignalR.Client;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>If the default scheme is not the key scheme, endpoints that require scopes and do not name a scheme accept keys too.</summary>
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
    public async Task StartAsync() =>
        _app = await MixedApp.StartAsync(scheme, options: options => options.RateLimiting.FailedAuthentications = null);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task RequireScope_ValidKey_IsAccepted(
        [ValueSource(typeof(MixedApp), nameof(MixedApp.Paths))] string path, [Values] bool html, [Values] bool inBearer)
    {
        var key = await KeyAsync("a", "keys:read");
        using var response = inBearer ? await _app.CallAsync(path, html, bearer: key) : await _app.CallAsync(path, html, key);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        if (!path.Contains("hub", StringComparison.Ordinal) && path != "/api-keys")
        {
            // The identity is added once, even if the default scheme forwards to the key scheme.
            Assert.That(await response.BodyAsync(), Is.EqualTo("ApiKey"));
        }
    }

    [Test]
    public async Task RequireScope_InvalidKey_Is401WithoutRedirect(
        [ValueSource(typeof(MixedApp), nameof(MixedApp.Paths))] string path, [Values] bool html)
    {
        using var response = await _app.CallAsync(path, html, _app.NewSecret());
        await response.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(response.Lines("WWW-Authenticate"), Is.EqualTo(new[] { "Bearer error=\"invalid_token\"" }));
        Assert.That(response.Headers.Location, Is.Null);
        Assert.That(response.Lines("Set-Cookie"), Is.Empty);
    }

    [Test]
    public async Task RequireScope_KeyWithoutTheScope_Is403WithoutRedirect(
        [ValueSource(typeof(MixedApp), nameof(MixedApp.Paths))] string path, [Values] bool html)
    {
        using var response = await _app.CallAsync(path, html, await KeyAsync("b"));
        await response.AssertRefusedAsync(403, "insufficient_scope");
        Assert.That(response.Headers.Location, Is.Null);
    }

    [Test]
    public async Task RequireScope_TwoKeys_Is400WithoutRedirect([Values] bool html)
    {
        using var response = await _app.CallAsync("/minimal", html, _app.NewSecret(), _app.NewSecret());
        await response.AssertRefusedAsync(400, "invalid_request");
        Assert.That(response.Headers.Location, Is.Null);
    }

    [Test]
    public async Task RequireScope_ProgramWithoutCredentials_Is401([ValueSource(typeof(MixedApp), nameof(MixedApp.Paths))] string path)
    {
        using var response = await _app.CallAsync(path);
        await response.AssertRefusedAsync(401, scheme == "none" ? "missing_api_key" : "missing_credentials");
        Assert.That(response.Lines("WWW-Authenticate"), Is.EqualTo(scheme == "jwt" ? new[] { "Bearer", "Bearer" } : ["Bearer"]));
        Assert.That(response.Headers.Location, Is.Null);
        Assert.That(response.Lines("Set-Cookie"), Is.Empty);
    }

    [Test]
    public async Task RequireScope_BrowserWithoutCredentials_KeepsTheSignInPage(
        [ValueSource(typeof(MixedApp), nameof(MixedApp.Paths))] string path)
    {
        using var response = await _app.CallAsync(path, html: true);
        if (HasSignInPage && path is "/hub/negotiate")
        {
            // The framework does not redirect callers of a hub.
            await response.AssertRefusedAsync(401, "missing_credentials");
            Assert.That(response.Headers.Location, Is.Null);
        }
        else if (HasSignInPage)
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
            Assert.That(response.Headers.Location!.OriginalString, Does.Contain("/login?ReturnUrl="));
            Assert.That(response.Lines("WWW-Authenticate"), Is.Empty);
        }
        else
        {
            await response.AssertRefusedAsync(401, scheme == "none" ? "missing_api_key" : "missing_credentials");
        }
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
    public async Task RequireScope_OnAHubOrItsMethod_HasTheKeyOfTheConnection(string path)
    {
        var key = await KeyAsync("a");
        await using var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(_app.Client.BaseAddress!, path), options => options.Headers["X-API-Key"] = key)
            .Build();
        await connection.StartAsync();
        Assert.That(await connection.InvokeAsync<string>("Who"), Does.StartWith("key"));
    }

    private Task<string> KeyAsync(params string[] scopes) => _app.IssueAsync(key => key with { Scopes = TestApp.Scopes(scopes) });
}
