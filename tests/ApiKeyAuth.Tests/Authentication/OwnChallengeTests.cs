using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Moq;

namespace ApiKeyAuth.Tests.Authentication;

/// <summary>Challenges and forbids that the app itself makes in an endpoint.</summary>
public sealed class OwnChallengeTests
{
    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await StartAsync(null);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [TestCase("/challenge")]
    [TestCase("/context-challenge")]
    [TestCase("/closed-challenge")]
    [TestCase("/forwarded-challenge")]
    public async Task Challenge_ValidKey_SaysThatItIsNotAccepted(string path)
    {
        using var answer = await _app.GetAsync(path, await _app.IssueAsync());
        await answer.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(await answer.BodyAsync(), Does.Contain("The API key provided is not accepted for this request"));
        Assert.That(answer.Line("WWW-Authenticate"), Is.EqualTo("Bearer error=\"invalid_token\""));
    }

    [Test]
    public async Task Challenge_ValidKey_CountsAsNoFailedAuthentication()
    {
        await using var app = await StartAsync(null, options => options.RateLimiting.FailedAuthentications = new(1, TimeSpan.FromHours(1)));
        for (var i = 0; i < 3; i++)
        {
            using var answer = await app.GetAsync("/challenge", await app.IssueAsync());
            await answer.AssertRefusedAsync(401, "invalid_api_key");
        }
    }

    [Test]
    public async Task Challenge_NothingOrABadKey_SaysSo()
    {
        using var nothing = await _app.GetAsync("/challenge");
        using var bad = await _app.GetAsync("/challenge", _app.NewSecret());
        await nothing.AssertRefusedAsync(401, "missing_api_key");
        Assert.That(nothing.Line("WWW-Authenticate"), Is.EqualTo("Bearer"));
        await bad.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(await bad.BodyAsync(), Does.Contain("The API key provided is invalid"));
    }

    [Test]
    public async Task Challenge_ByTheForwardingScheme_NamesTheReason()
    {
        using var nothing = await _app.GetAsync("/forwarded-challenge");
        using var forged = await _app.GetAsync("/forwarded-challenge", bearer: Jwts.Create() + "x");
        using var valid = await _app.GetAsync("/forwarded-challenge", bearer: Jwts.Create());
        await nothing.AssertRefusedAsync(401, "missing_credentials");
        await forged.AssertRefusedAsync(401, "invalid_token");
        await valid.AssertRefusedAsync(401, "invalid_token");
        Assert.That(await valid.BodyAsync(), Does.Contain("The token provided is not accepted for this request"));
    }

    [Test]
    public async Task Challenge_ByTheTokenSchemeAlone_StaysTheFrameworks()
    {
        using var answer = await _app.GetAsync("/token-challenge");
        Assert.That((int)answer.StatusCode, Is.EqualTo(401));
        Assert.That(await answer.BodyAsync(), Is.Empty);
    }

    [TestCase("/forbid")]
    [TestCase("/forwarded-forbid")]
    public async Task Forbid_WithOrWithoutAKey_IsForbidden(string path)
    {
        using var nothing = await _app.GetAsync(path);
        using var key = await _app.GetAsync(path, await _app.IssueAsync());
        using var bad = await _app.GetAsync(path, _app.NewSecret());
        await nothing.AssertRefusedAsync(403, "forbidden");
        await key.AssertRefusedAsync(403, "forbidden");
        await bad.AssertRefusedAsync(403, "forbidden");
    }

    [Test]
    public async Task Forbid_KeyThatCannotBeChecked_Is503Or400()
    {
        await using var app = await StartAsync(new Mock<IApiKeyStore>(MockBehavior.Strict).Object);
        using var down = await app.GetAsync("/forbid", app.NewSecret());
        using var twice = await app.GetAsync("/forbid", app.NewSecret(), app.NewSecret());
        await down.AssertRefusedAsync(503, "key_store_unavailable");
        await twice.AssertRefusedAsync(400, "invalid_request");
    }

    private static Task<TestApp> StartAsync(IApiKeyStore? store, Action<ApiKeyAuthOptions>? options = null) => TestApp.StartAsync(
        web =>
        {
            web.MapGet("/challenge", () => Results.Challenge(authenticationSchemes: ["ApiKey"]));
            web.MapGet("/context-challenge", (HttpContext context) => context.ChallengeAsync("ApiKey"));
            web.MapGet("/closed-challenge", () => Results.Challenge(authenticationSchemes: ["ApiKey"])).RequireAuthorization();
            web.MapGet("/forwarded-challenge", () => Results.Challenge());
            web.MapGet("/token-challenge", () => Results.Challenge(authenticationSchemes: ["Bearer"]));
            web.MapGet("/forbid", () => Results.Forbid(authenticationSchemes: ["ApiKey"]));
            web.MapGet("/forwarded-forbid", () => Results.Forbid());
        },
        options,
        keys => keys.AddBearerForwarding("Bearer"),
        services => services.AddJwt(),
        store: store);
}
