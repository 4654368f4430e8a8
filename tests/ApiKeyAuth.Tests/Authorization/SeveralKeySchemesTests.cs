using System.Net;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>In apps with several key schemes, endpoints that require scopes and do not name a scheme use all of them.</summary>
[TestFixture(null)]
[TestFixture("Agent")]
[TestFixture("User")]
public sealed class SeveralKeySchemesTests(string? scheme)
{
    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await StartAsync(null, scheme);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    private static Task<TestApp> StartAsync(IApiKeyStore? store, string? defaultScheme) => TestApp.StartAsync(
        web =>
        {
            web.MapGet("/", (HttpContext context) =>
                string.Join(' ', context.User.Identities.Select(identity => identity.AuthenticationType))).RequireScope("a");
            web.MapGet("/user", () => "in").RequireAuthorization(new RequireScopeAttribute("a") { AuthenticationSchemes = "User" });
        },
        options => options.RateLimiting.FailedAuthentications = null,
        keys => keys.AddScheme("Agent", agent => (agent.AuthorizationSchemes, agent.Headers) = ([], ["X-Agent-Token"])).AddScheme("User"),
        services => services.Configure<AuthenticationOptions>(options => options.DefaultScheme = defaultScheme),
        store: store);

    [TestCase("X-Agent-Token", "Agent")]
    [TestCase("X-API-Key", "User")]
    public async Task RequireScope_KeyOfAnyScheme_IsAccepted(string header, string accepted)
    {
        using var response = await _app.SendAsync("/", (header, await KeyAsync("a")));
        using var lacking = await _app.SendAsync("/", (header, await KeyAsync("b")));
        Assert.That(await response.BodyAsync(), Is.EqualTo(accepted));
        Assert.That(lacking.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task RequireScope_NoKey_ListsEveryChallenge()
    {
        using var response = await _app.GetAsync("/");
        await response.AssertRefusedAsync(401, "missing_api_key");
        Assert.That(
            response.Lines("WWW-Authenticate"),
            Is.EquivalentTo(new[] { "ApiKey in=\"header\", name=\"X-Agent-Token\"", "Bearer" }));
    }

    [Test]
    public async Task RequireScope_KeysInTwoHeaders_Is400([Values] bool valid)
    {
        using var response = await _app.SendAsync(
            "/",
            ("X-Agent-Token", valid ? await KeyAsync("a") : _app.NewSecret()),
            ("X-API-Key", valid ? await KeyAsync("a") : _app.NewSecret()));
        await response.AssertRefusedAsync(400, "invalid_request");
        Assert.That(response.Lines("WWW-Authenticate"), Is.Empty);
    }

    [Test]
    public async Task RequireScope_KeysInTwoHeadersWithoutADefault_DoesNotReadTheStore()
    {
        var store = new Mock<IApiKeyStore>(MockBehavior.Strict);
        await using var app = await StartAsync(store.Object, defaultScheme: null);
        store.Invocations.Clear();
        using var response = await app.SendAsync("/", ("X-Agent-Token", app.NewSecret()), ("X-API-Key", app.NewSecret()));
        await response.AssertRefusedAsync(400, "invalid_request");
        store.VerifyNoOtherCalls();
    }

    [Test]
    public async Task RequireScope_WithAScheme_UsesOnlyThatScheme()
    {
        using var agent = await _app.SendAsync("/user", ("X-Agent-Token", await KeyAsync("a")));
        using var user = await _app.SendAsync("/user", ("X-API-Key", await KeyAsync("a")));
        await agent.AssertRefusedAsync(401, "missing_api_key");
        Assert.That(user.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private Task<string> KeyAsync(string scope) => _app.IssueAsync(key => key with { Scopes = TestApp.Scopes(scope) });
}
