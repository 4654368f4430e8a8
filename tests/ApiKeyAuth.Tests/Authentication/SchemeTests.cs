using System.Net;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Tests.Authentication;

public sealed class SchemeTests
{
    [Test]
    public async Task Schemes_WithHeadersOfTheirOwn_ReadOnlyThose()
    {
        await using var app = await StartTwoAsync();
        var secret = await app.IssueAsync();
        using var agent = await app.SendAsync("/agent", ("X-Agent-Token", secret));
        using var other = await app.SendAsync("/agent", ("X-API-Key", secret));
        using var bearer = await app.SendAsync("/agent", ("Authorization", "Bearer " + secret));
        using var lead = await app.SendAsync("/public", ("X-API-Key", secret));
        Assert.That(await agent.BodyAsync(), Is.EqualTo("Agent"));
        Assert.That(agent.Line("Vary"), Is.EqualTo("X-Agent-Token"));
        Assert.That(await lead.BodyAsync(), Is.EqualTo("Public"));
        await other.AssertRefusedAsync(401, "missing_api_key");
        await bearer.AssertRefusedAsync(401, "missing_api_key");
    }

    [Test]
    public async Task Challenge_HeaderScheme_NamesTheHeader()
    {
        await using var app = await StartTwoAsync();
        using var missing = await app.GetAsync("/agent");
        using var invalid = await app.SendAsync("/agent", ("X-Agent-Token", "nonsense"));
        using var both = await app.GetAsync("/both");
        Assert.That(missing.Line("WWW-Authenticate"), Is.EqualTo("ApiKey in=\"header\", name=\"X-Agent-Token\""));
        Assert.That(invalid.Line("WWW-Authenticate"), Is.EqualTo("ApiKey in=\"header\", name=\"X-Agent-Token\", error=\"invalid_token\""));
        Assert.That(
            both.Lines("WWW-Authenticate"), Has.Length.EqualTo(2).And.Some.Contains("X-Agent-Token").And.Some.Contains("X-API-Key"));
    }

    [Test]
    public async Task Policy_OverBothSchemes_TakesTheOneThatIsValid()
    {
        await using var app = await StartTwoAsync();
        using var answer = await app.SendAsync("/both", ("X-Agent-Token", app.NewSecret()), ("X-API-Key", await app.IssueAsync()));
        Assert.That(await answer.BodyAsync(), Is.EqualTo("Public"));
    }

    [TestCase("X-Agent-Token: a", "X-Agent-Token: b", "X-API-Key: c")]
    [TestCase("X-Agent-Token: a", "X-API-Key: b", "X-API-Key: c")]
    public async Task Policy_OverBothSchemes_SaysWhatTellsTheCallerMost(params string[] lines)
    {
        await using var app = await StartTwoAsync();
        var answer = await app.SendRawAsync("/both", lines);
        Assert.That(answer, Does.StartWith("HTTP/1.1 400").And.Contains("invalid_request").And.Not.Contains("WWW-Authenticate"));
    }

    [Test]
    public async Task Realm_WithQuote_IsEscaped()
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(),
            keys: keys => keys.AddScheme("ApiKey", scheme => scheme.Realm = "a \"b\" \\ c"));
        using var missing = await app.GetAsync("/");
        using var invalid = await app.GetAsync("/", "nonsense");
        Assert.That(missing.Line("WWW-Authenticate"), Is.EqualTo("Bearer realm=\"a \\\"b\\\" \\\\ c\""));
        Assert.That(invalid.Line("WWW-Authenticate"), Is.EqualTo("Bearer realm=\"a \\\"b\\\" \\\\ c\", error=\"invalid_token\""));
    }

    [Test]
    public async Task Environments_OtherThanTheSchemes_AreInvalid()
    {
        await using var app = await StartAsync(scheme => scheme.Environments.Add("live"));
        using var live = await app.GetAsync("/", await app.IssueAsync(environment: "live"));
        using var test = await app.GetAsync("/", await app.IssueAsync(environment: "test"));
        using var relabelled = await app.GetAsync("/", await app.IssueAsync(key => key with { Environment = "test" }, "live"));
        using var unlabelled = await app.GetAsync("/", await app.IssueAsync(key => key with { Environment = null }, "live"));
        Assert.That(live.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(unlabelled.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await test.AssertRefusedAsync(401, "invalid_api_key");
        await relabelled.AssertRefusedAsync(401, "invalid_api_key");
    }

    [TestCase(null, 401)]
    [TestCase("test", 401)]
    [TestCase("live", 200)]
    public async Task Environments_TextThatNamesNone_AreTheRecords(string? environment, int status)
    {
        var bare = new ApiKeyFormat { Prefix = "old", Environments = [], Checksum = false };
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(),
            options => options.AcceptedFormats.Add(bare),
            keys => keys.AddScheme("ApiKey", scheme => scheme.Environments.Add("live")));
        var secret = bare.Generate(null);
        await app.IssueAsync(key => key with { Environment = environment, Secrets = [app.Hashed(secret)] });
        using var answer = await app.GetAsync("/", secret);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(await answer.CodeAsync(), Is.EqualTo(status == 401 ? "invalid_api_key" : null));
    }

    [TestCase("gateway-1", 200)]
    [TestCase("gateway-2", 200)]
    [TestCase("Gateway-1", 403)]
    [TestCase("gateway-3", 403)]
    [TestCase(null, 403)]
    public async Task Audience_OfTheScheme_MustBeTheKeys(string? audience, int status)
    {
        await using var app = await StartAsync(scheme => scheme.Audience = audience);
        using var bound = await app.GetAsync("/", await app.IssueAsync(key => key with { Audiences = ["gateway-1", "gateway-2"] }));
        using var unbound = await app.GetAsync("/", await app.IssueAsync());
        Assert.That((int)bound.StatusCode, Is.EqualTo(status));
        Assert.That(await bound.CodeAsync(), Is.EqualTo(status == 403 ? "wrong_audience" : null));
        Assert.That(unbound.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task AudienceSelector_ByRequest_ChoosesTheAudience()
    {
        await using var app = await StartAsync(scheme => scheme.AudienceSelector = context => context.Request.Headers["X-Gateway"]);
        var secret = await app.IssueAsync(key => key with { Audiences = ["one"] });
        using var one = await app.SendAsync("/", ("X-API-Key", secret), ("X-Gateway", "one"));
        using var two = await app.SendAsync("/", ("X-API-Key", secret), ("X-Gateway", "two"));
        using var none = await app.SendAsync("/", ("X-API-Key", secret));
        Assert.That(one.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await two.AssertRefusedAsync(403, "wrong_audience");
        await none.AssertRefusedAsync(403, "wrong_audience");
    }

    [TestCase("203.0.113.7", 200)]
    [TestCase("::ffff:203.0.113.7", 200)]
    [TestCase("203.0.114.7", 403)]
    [TestCase("::ffff:203.0.114.7", 403)]
    [TestCase("2001:db8::1", 200)]
    [TestCase("2001:db9::1", 403)]
    [TestCase("2001:db8:1::1", 403)]
    [TestCase("", 403)]
    public async Task Networks_OfTheKey_HoldTheCaller(string address, int status)
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(),
            before: web => web.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = address.Length == 0 ? null : IPAddress.Parse(address);
                return next(context);
            }));
        var secret = await app.IssueAsync(
            key => key with { Networks = [IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("2001:db8::/48")] });
        using var answer = await app.GetAsync("/", secret);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(await answer.CodeAsync(), Is.EqualTo(status == 403 ? "ip_not_allowed" : null));
    }

    private static Task<TestApp> StartAsync(Action<ApiKeySchemeOptions> scheme) =>
        TestApp.StartAsync(web => web.MapGet("/", () => "in").RequireAuthorization(), keys: keys => keys.AddScheme("ApiKey", scheme));

    private static Task<TestApp> StartTwoAsync() => TestApp.StartAsync(
        web =>
        {
            var who = (HttpContext context) => context.User.Identities.First(identity => identity.IsAuthenticated).AuthenticationType;
            foreach (var (path, schemes) in new[] { ("/agent", "Agent"), ("/public", "Public"), ("/both", "Agent,Public") })
            {
                web.MapGet(path, who).RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = schemes });
            }
        },
        keys: keys => keys
            .AddScheme("Agent", scheme => (scheme.AuthorizationSchemes, scheme.Headers) = ([], ["X-Agent-Token"]))
            .AddScheme("Public", scheme => scheme.AuthorizationSchemes = []));
}
