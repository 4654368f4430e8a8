using System.Net;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Moq;

namespace ApiKeyAuth.Tests.Authentication;

/// <summary>One policy over keys and JWTs, in both orders: each scheme is asked, and each challenges.</summary>
[TestFixture("ApiKey,Bearer")]
[TestFixture("Bearer,ApiKey")]
public sealed class JwtBesideTests(string schemes)
{
    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await StartAsync(schemes);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task Policy_KeyOrToken_LetsEitherIn()
    {
        using var byKey = await _app.GetAsync("/", await _app.IssueAsync());
        using var byBearerKey = await _app.GetAsync("/", bearer: await _app.IssueAsync());
        using var byToken = await _app.GetAsync("/", bearer: Jwts.Create());
        Assert.That(await byKey.BodyAsync(), Is.EqualTo("ApiKey"));
        Assert.That(await byBearerKey.BodyAsync(), Is.EqualTo("ApiKey"));
        Assert.That(await byToken.BodyAsync(), Is.EqualTo("AuthenticationTypes.Federation"));
    }

    [Test]
    public async Task Policy_NoCredential_IsMissingAndListsBothChallenges()
    {
        using var answer = await _app.GetAsync("/");
        await answer.AssertRefusedAsync(401, "missing_credentials");
        Assert.That(answer.Lines("WWW-Authenticate"), Is.EqualTo(new[] { "Bearer", "Bearer" }));
    }

    [Test]
    public async Task Policy_UnknownKey_ListsBothChallenges()
    {
        using var answer = await _app.GetAsync("/", _app.NewSecret());
        await answer.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(answer.Lines("WWW-Authenticate"), Is.EquivalentTo(new[] { "Bearer", "Bearer error=\"invalid_token\"" }));
    }

    [Test]
    public async Task Policy_ForgedToken_IsInvalidAndListsBothChallenges()
    {
        using var answer = await _app.GetAsync("/", bearer: Jwts.Create() + "x");
        await answer.AssertRefusedAsync(401, "invalid_token");
        Assert.That(answer.Lines("WWW-Authenticate"), Has.Length.EqualTo(2).And.All.StartsWith("Bearer error=\"invalid_token\""));
    }

    [Test]
    public async Task Policy_ExpiredKey_SaysSo()
    {
        using var answer = await _app.GetAsync(
            "/", await _app.IssueAsync(key => key with { ExpiresAt = new ApiKeyExpiry(new DateOnly(2025, 12, 30)) }));
        await answer.AssertRefusedAsync(401, "expired_api_key");
        Assert.That(answer.Lines("WWW-Authenticate"), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Policy_AmbiguousKey_Is400WithoutAnyChallenge()
    {
        using var answer = await _app.GetAsync("/", _app.NewSecret(), _app.NewSecret());
        await answer.AssertRefusedAsync(400, "invalid_request");
    }

    [Test]
    public async Task Policy_KeyOfAnotherNetwork_Is403WithoutAnyChallenge()
    {
        using var answer = await _app.GetAsync(
            "/", await _app.IssueAsync(key => key with { Networks = [IPNetwork.Parse("203.0.113.0/24")] }));
        await answer.AssertRefusedAsync(403, "ip_not_allowed");
    }

    [Test]
    public async Task Policy_StoreDown_Is503WithoutAnyChallenge()
    {
        var store = new Mock<IApiKeyStore>(MockBehavior.Strict);
        await using var app = await StartAsync(schemes, store.Object);
        using var answer = await app.GetAsync("/", app.NewSecret());
        await answer.AssertRefusedAsync(503, "key_store_unavailable");
        Assert.That(answer.Number("Retry-After"), Is.AtLeast(1));
    }

    [TestCase("scope", "read write")]
    [TestCase("scope", "write")]
    [TestCase("scp", "read write")]
    public async Task RequireScope_TokenThatHoldsIt_LetsIn(string claim, string value)
    {
        using var answer = await _app.GetAsync("/write", bearer: Jwts.Create((claim, value)));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task RequireScope_TokenWithAListOfScopes_LetsIn()
    {
        using var answer = await _app.GetAsync("/write", bearer: Jwts.Create(("scope", "read"), ("scope", "write")));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("scope", "read")]
    [TestCase("scope", "Write")]
    [TestCase("scope", "*")]
    [TestCase("scope", "all:* *")]
    [TestCase("roles", "write")]
    public async Task RequireScope_TokenWithoutIt_Is403ThatNamesIt(string claim, string value)
    {
        using var answer = await _app.GetAsync("/write", bearer: Jwts.Create((claim, value)));
        await answer.AssertRefusedAsync(403, "insufficient_scope");
        Assert.That(answer.Line("WWW-Authenticate"), Is.EqualTo("Bearer error=\"insufficient_scope\", scope=\"write\""));
    }

    [Test]
    public async Task RequireScope_WildcardRequired_IsMetByTheSameWordInAToken()
    {
        using var same = await _app.GetAsync("/wild", bearer: Jwts.Create(("scope", "orders:*")));
        using var other = await _app.GetAsync("/wild", bearer: Jwts.Create(("scope", "orders:read")));
        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await other.AssertRefusedAsync(403, "insufficient_scope");
    }

    [Test]
    public async Task RequireScope_HalfInKeyAndHalfInToken_NeverAddUp()
    {
        var key = await _app.IssueAsync(key => key with { Scopes = TestApp.Scopes("read") });
        using var halves = await _app.GetAsync("/both", key, Jwts.Create(("scope", "write")));
        await halves.AssertRefusedAsync(403, "insufficient_scope");
        using var whole = await _app.GetAsync("/both", key, Jwts.Create(("scope", "read write")));
        Assert.That(whole.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Policy_BadKeyBesideAValidToken_LetsTheTokenIn()
    {
        using var answer = await _app.GetAsync("/", _app.NewSecret(), Jwts.Create());
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await answer.BodyAsync(), Is.EqualTo("AuthenticationTypes.Federation"));
    }

    private static Task<TestApp> StartAsync(string schemes, IApiKeyStore? store = null) => TestApp.StartAsync(
        web =>
        {
            var who = (HttpContext context) => context.User.Identities.First(identity => identity.IsAuthenticated).AuthenticationType;
            web.MapGet("/", who).RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = schemes });
            web.MapGet("/write", who).RequireAuthorization(new RequireScopeAttribute("write") { AuthenticationSchemes = schemes });
            web.MapGet("/wild", who).RequireAuthorization(new RequireScopeAttribute("orders:*") { AuthenticationSchemes = schemes });
            web.MapGet("/both", who).RequireAuthorization(new RequireScopeAttribute("read", "write") { AuthenticationSchemes = schemes });
        },
        options: options => options.RateLimiting.FailedAuthentications = null,
        services: services => services.AddJwt(),
        store: store);
}
