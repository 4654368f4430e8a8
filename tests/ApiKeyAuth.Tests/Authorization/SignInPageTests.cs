using System.Net;
using ApiKeyAuth.Tests.TestHost;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Endpoints that require scopes and do not name a scheme, in apps whose default scheme has a sign-in page.</summary>
[TestFixture("cookie")]
[TestFixture("selector")]
public sealed class SignInPageTests(string scheme)
{
    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _app = await MixedApp.StartAsync(scheme, options: options => options.RateLimiting.FailedAuthentications = null);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task RequireScope_SignedInUser_MustHoldTheScope([Values] bool html)
    {
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
    public async Task RequireScope_InvalidCookie_RedirectsABrowserAndIs401ForAProgram([Values] bool html)
    {
        using var response = await _app.CallAsync("/minimal", html, cookie: ".AspNetCore.Cookies=stale");
        if (html)
        {
            Assert.That(response.Headers.Location!.OriginalString, Does.Contain("/login?ReturnUrl="));
        }
        else
        {
            await response.AssertRefusedAsync(401, "invalid_token");
        }
    }
}
