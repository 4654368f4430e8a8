using System.Net;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authentication;

public sealed class BearerForwardingTests
{
    private const string Token = "AuthenticationTypes.Federation";
    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await StartAsync(services => services.AddJwt());

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task Authorization_KeyOrToken_GoesToItsScheme()
    {
        var secret = await _app.IssueAsync();
        using var byBearer = await _app.GetAsync("/", bearer: secret);
        using var byHeader = await _app.GetAsync("/", key: secret);
        using var byToken = await _app.GetAsync("/", bearer: Jwts.Create());
        Assert.That(await byBearer.BodyAsync(), Is.EqualTo("ApiKey"));
        Assert.That(await byHeader.BodyAsync(), Is.EqualTo("ApiKey"));
        Assert.That(await byToken.BodyAsync(), Is.EqualTo(Token));
    }

    [Test]
    public async Task Authorization_BadKey_IsRefusedByTheKeyScheme()
    {
        using var unknown = await _app.GetAsync("/", bearer: _app.NewSecret());
        using var malformed = await _app.GetAsync("/", bearer: "key_test_nonsense");
        using var twice = await _app.GetAsync("/", _app.NewSecret(), _app.NewSecret());
        await unknown.AssertRefusedAsync(401, "invalid_api_key");
        await malformed.AssertRefusedAsync(401, "invalid_api_key");
        await twice.AssertRefusedAsync(400, "invalid_request");
    }

    [Test]
    public async Task Authorization_NothingOrForgedToken_IsChallengedByTheTokenScheme()
    {
        using var nothing = await _app.GetAsync("/");
        using var forged = await _app.GetAsync("/", bearer: Jwts.Create() + "x");
        await nothing.AssertRefusedAsync(401, "missing_credentials");
        Assert.That(nothing.Line("WWW-Authenticate"), Is.EqualTo("Bearer"));
        await forged.AssertRefusedAsync(401, "invalid_token");
        Assert.That(forged.Line("WWW-Authenticate"), Does.StartWith("Bearer error=\"invalid_token\""));
    }

    [Test]
    public async Task Unauthorized_ByTheEndpointItself_KeepsItsEmptyBody()
    {
        using var answer = await _app.GetAsync("/login");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await answer.BodyAsync(), Is.Empty);
        Assert.That(answer.Lines("WWW-Authenticate"), Is.Empty);
    }

    [Test]
    public async Task RequireScope_TokenWithAndWithoutIt_IsJudged()
    {
        using var with = await _app.GetAsync("/read", bearer: Jwts.Create(("scp", "read")));
        using var without = await _app.GetAsync("/read", bearer: Jwts.Create());
        Assert.That(with.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await without.AssertRefusedAsync(403, "insufficient_scope");
    }

    [Test]
    public async Task Default_HostSetOne_IsNotOverridden()
    {
        await using var app = await StartAsync(services => services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddTestJwt());
        var secret = await app.IssueAsync();
        using var byDefault = await app.GetAsync("/", bearer: secret);
        using var byName = await app.GetAsync("/forwarded", bearer: secret);
        Assert.That(byDefault.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await byName.BodyAsync(), Is.EqualTo("ApiKey"));
        var schemes = app.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        Assert.That((await schemes.GetDefaultAuthenticateSchemeAsync())!.Name, Is.EqualTo("Bearer"));
    }

    private static Task<TestApp> StartAsync(Action<IServiceCollection> services) => TestApp.StartAsync(
        web =>
        {
            var who = (HttpContext context) => context.User.Identity!.AuthenticationType;
            web.MapGet("/", who).RequireAuthorization();
            web.MapGet("/login", () => Results.Unauthorized());
            web.MapGet("/read", who).RequireScope("read");
            web.MapGet("/forwarded", who)
                .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = ApiKeyDefaults.ForwardingScheme });
        },
        keys: keys => keys.AddBearerForwarding(JwtBearerDefaults.AuthenticationScheme),
        services: services);
}
