using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authentication;

public sealed class ScopeTests
{
    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await TestApp.StartAsync(
        web =>
        {
            web.MapGet("/read", () => "in").RequireScope("orders:read");
            web.MapGet("/orders2", () => "in").RequireScope("orders2:read");
            web.MapGet("/all", () => "in").RequireScope("orders:read", "orders:write");
            web.MapGet("/any", () => "in").RequireAnyScope("orders:read", "orders:write");
            web.MapGet("/word", () => "in").RequireScope("read_only");
            web.MapGet("/policy", () => "in").RequireAuthorization("own");
            web.MapGet("/two", () => "in").RequireScope("orders:read").RequireScope("orders:write");
        },
        options: options =>
        {
            foreach (var name in new[] { "orders:read", "orders:write", "orders2:read", "read_only" })
            {
                options.Scopes.Add(new ScopeDefinition { Name = name });
            }

            options.Scopes.Add(new ScopeDefinition { Name = "full_access", Implies = ["read_only", "orders:*"] });
        },
        services: services => services.AddAuthorization(options => options.AddPolicy("own", policy => policy
            .RequireAuthenticatedUser().RequireScope("orders:read").RequireAssertion(context => context.User.HasClaim("api_key_name", "a name")))));

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [TestCase("/read", "orders:read", true)]
    [TestCase("/read", "orders:*", true)]
    [TestCase("/read", "*", true)]
    [TestCase("/read", "full_access", true)]
    [TestCase("/read", "Orders:read", false)]
    [TestCase("/read", "orders:READ", false)]
    [TestCase("/read", "orders", false)]
    [TestCase("/read", "orders:write", false)]
    [TestCase("/read", null, false)]
    [TestCase("/orders2", "orders:*", false)]
    [TestCase("/all", "orders:read orders:write", true)]
    [TestCase("/all", "orders:read", false)]
    [TestCase("/any", "orders:write", true)]
    [TestCase("/any", "orders2:read", false)]
    [TestCase("/word", "full_access", true)]
    [TestCase("/word", "read_only", true)]
    [TestCase("/policy", "orders:read", true)]
    [TestCase("/policy", "orders:write", false)]
    [TestCase("/two", "orders:read orders:write", true)]
    [TestCase("/two", "orders:write", false)]
    public async Task Endpoint_ByGrant_LetsInOrNamesWhatIsMissing(string path, string? granted, bool isIn)
    {
        using var answer = await _app.GetAsync(
            path, await _app.IssueAsync(key => key with { Scopes = TestApp.Scopes(granted?.Split(' ') ?? []) }));
        Assert.That(answer.StatusCode, Is.EqualTo(isIn ? HttpStatusCode.OK : HttpStatusCode.Forbidden));
        Assert.That(await answer.CodeAsync(), Is.EqualTo(isIn ? null : "insufficient_scope"));
    }

    [TestCase("/all", "orders:read", "orders:write")]
    [TestCase("/all", "read_only", "orders:read orders:write")]
    [TestCase("/any", "read_only", "orders:read orders:write")]
    [TestCase("/two", "orders:read", "orders:write")]
    [TestCase("/policy", "read_only", "orders:read")]
    public async Task Refusal_ForScope_NamesItInChallengeAndBody(string path, string granted, string missing)
    {
        using var answer = await _app.GetAsync(path, await _app.IssueAsync(key => key with { Scopes = TestApp.Scopes(granted) }));
        await answer.AssertRefusedAsync(403, "insufficient_scope");
        Assert.That(answer.Line("WWW-Authenticate"), Is.EqualTo($"Bearer error=\"insufficient_scope\", scope=\"{missing}\""));
        Assert.That(await answer.BodyAsync(), Does.Contain($"\"detail\":\"API key lacks required scope: {missing}\""));
    }

    [Test]
    public async Task Refusal_ForAnAssertionOfTheApp_IsForbiddenWithoutChallenge()
    {
        using var answer = await _app.GetAsync(
            "/policy", await _app.IssueAsync(key => key with { Name = "other", Scopes = TestApp.Scopes("orders:read") }));
        Assert.That(await answer.CodeAsync(), Is.EqualTo("forbidden"));
        Assert.That(answer.Lines("WWW-Authenticate"), Is.Empty);
    }

    [Test]
    public async Task Requirement_WithWildcard_IsLiteral()
    {
        await using var app = await TestApp.StartAsync(web =>
        {
            web.MapGet("/wild", () => "in").RequireScope("orders:*");
            web.MapGet("/star", () => "in").RequireScope("*");
        });
        async Task<int> StatusAsync(string path, string granted)
        {
            using var answer = await app.GetAsync(path, await app.IssueAsync(key => key with { Scopes = TestApp.Scopes(granted) }));
            return (int)answer.StatusCode;
        }

        Assert.That(await StatusAsync("/wild", "orders:read"), Is.EqualTo(403));
        Assert.That(await StatusAsync("/wild", "orders:*"), Is.EqualTo(200));
        Assert.That(await StatusAsync("/star", "orders:*"), Is.EqualTo(403));
        Assert.That(await StatusAsync("/star", "*"), Is.EqualTo(200));
    }
}
