using System.Net;
using ApiKeyAuth.Tests.TestHost;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Requests with both a key and the cookie of a signed-in user.</summary>
public sealed class KeyWithCookieTests
{
    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _app = await MixedApp.StartAsync("cookie", options: options => options.RateLimiting.FailedAuthentications = null);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task RequireScope_KeyAndCookie_OneIdentityMustHoldTheScope([Values] bool html)
    {
        using var byUser = await _app.CallAsync("/minimal", html, await KeyAsync("b"), cookie: await _app.SignInAsync("a"));
        using var byKey = await _app.CallAsync("/minimal", html, await KeyAsync("a"), cookie: await _app.SignInAsync("b"));
        using var byNone = await _app.CallAsync("/minimal", html, await KeyAsync("b"), cookie: await _app.SignInAsync("b"));
        Assert.That(byUser.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(byKey.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await byNone.AssertRefusedAsync(403, "insufficient_scope");
    }

    private Task<string> KeyAsync(params string[] scopes) => _app.IssueAsync(key => key with { Scopes = TestApp.Scopes(scopes) });
}
