using System.Net;
using ApiKeyAuth.Tests.TestHost;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Endpoints that require scopes and do not name a scheme, in apps whose default scheme reads tokens.</summary>
[TestFixture("jwt")]
[TestFixture("forwarding")]
public sealed class TokenSchemeTests(string scheme)
{
    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _app = await MixedApp.StartAsync(scheme, options: options => options.RateLimiting.FailedAuthentications = null);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task RequireScope_Token_IsValidatedByTheDefaultScheme([Values] bool html)
    {
        using var with = await _app.CallAsync("/minimal", html, bearer: Jwts.Create(("scope", "a")));
        using var without = await _app.CallAsync("/minimal", html, bearer: Jwts.Create());
        using var forged = await _app.CallAsync("/minimal", html, bearer: Jwts.Create(("scope", "a")) + "x");
        Assert.That(with.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await without.AssertRefusedAsync(403, "insufficient_scope");
        Assert.That(await without.BodyAsync(), Does.Contain("Access token lacks required scope: a"));
        await forged.AssertRefusedAsync(401, "invalid_token");
        Assert.That(forged.Lines("WWW-Authenticate"), Is.All.StartsWith("Bearer error=\"invalid_token\""));
    }
}
