using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Moq;

namespace ApiKeyAuth.Tests.RateLimiting.Http;

public sealed class FailedAuthenticationTests
{
    [Test]
    public async Task Failures_FromOneNetwork_AreLimitedAfterAHundredWhileAValidKeyPasses()
    {
        await using var app = await LimitedApp.StartAsync();
        var valid = await app.IssueAsync();
        for (var i = 0; i < 100; i++)
        {
            Assert.That(await LimitedApp.StatusAsync(app, "/", i % 2 == 0 ? app.NewSecret() : "nonsense"), Is.EqualTo(401));
        }

        using var rejected = await app.GetAsync("/", app.NewSecret());
        await rejected.AssertRefusedAsync(429, "too_many_failures");
        Assert.That(rejected.Number("Retry-After"), Is.EqualTo(60));
        Assert.That(await LimitedApp.StatusAsync(app, "/", valid), Is.EqualTo(200));
        Assert.That(await LimitedApp.StatusAsync(app, "/", null), Is.EqualTo(401));
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.That(await LimitedApp.StatusAsync(app, "/", app.NewSecret()), Is.EqualTo(401));
    }

    [Test]
    public async Task Failures_OfEveryKindOfRejectedKey_Count()
    {
        await using var app = await StartAsync(4);
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(401));
        Assert.That(await LimitedApp.StatusAsync(app, "/open", app.NewSecret()), Is.EqualTo(200));
        Assert.That(await LimitedApp.StatusAsync(app, "/", await app.IssueAsync(key => key with { Enabled = false })), Is.EqualTo(401));
        Assert.That(await LimitedApp.StatusAsync(app, "/", await app.IssueAsync(key => key with { Audiences = ["a"] })), Is.EqualTo(403));
        Assert.That(await LimitedApp.StatusAsync(app, "/", await app.IssueAsync(key => key with { Audiences = ["a"] })), Is.EqualTo(429));
    }

    [Test]
    public async Task Failures_ThatAreNone_DoNotCount()
    {
        await using var app = await StartAsync(1);
        var valid = await LimitedApp.IssueAsync(app, "1/hour");
        Assert.That(await LimitedApp.StatusAsync(app, "/", valid), Is.EqualTo(200));
        for (var i = 0; i < 3; i++)
        {
            using var token = await app.GetAsync("/", bearer: "eyJhbGciOiJub25lIn0.e30.");
            using var ambiguous = await app.GetAsync("/", app.NewSecret(), app.NewSecret());
            Assert.That((int)token.StatusCode, Is.EqualTo(401));
            Assert.That((int)ambiguous.StatusCode, Is.EqualTo(400));
            Assert.That(await LimitedApp.StatusAsync(app, "/", null), Is.EqualTo(401));
            Assert.That(await LimitedApp.StatusAsync(app, "/write", valid), Is.EqualTo(403));
            Assert.That(await LimitedApp.StatusAsync(app, "/", valid), Is.EqualTo(429));
        }

        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(401));
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(429));
    }

    [Test]
    public async Task Failures_OfOneSchemeWhereAnotherAcceptsTheKey_DoNotCount()
    {
        await using var app = await TestApp.StartAsync(
            web =>
            {
                web.MapGet("/both", () => "in").RequireAuthorization(
                    policy => policy.AddAuthenticationSchemes("Live", "Test").RequireAuthenticatedUser());
                web.MapGet("/agent", () => "in").RequireAuthorization(
                    policy => policy.AddAuthenticationSchemes("Agent").RequireAuthenticatedUser());
            },
            Only(1),
            keys => keys.AddScheme("ApiKey").AddScheme("Agent", scheme => scheme.Audience = "agent")
                .AddScheme("Live", scheme => scheme.Environments.Add("live")).AddScheme("Test", scheme => scheme.Environments.Add("test")),
            services => services.AddAuthentication("ApiKey"));
        var test = await app.IssueAsync();
        var agent = await app.IssueAsync(key => key with { Audiences = ["agent"] });
        for (var i = 0; i < 3; i++)
        {
            Assert.That(await LimitedApp.StatusAsync(app, "/both", test), Is.EqualTo(200));
            Assert.That(await LimitedApp.StatusAsync(app, "/agent", agent), Is.EqualTo(200));
        }

        Assert.That(await LimitedApp.StatusAsync(app, "/both", "nonsense"), Is.EqualTo(401));
        Assert.That(await LimitedApp.StatusAsync(app, "/both", "nonsense"), Is.EqualTo(429));
    }

    [Test]
    public async Task Failures_OnAnEndpointThatThrows_Count()
    {
        await using var app = await TestApp.StartAsync(
            web =>
            {
                web.MapGet("/", () => "in").RequireAuthorization();
                web.MapGet("/throws", string () => throw new InvalidOperationException("The endpoint fails."));
            },
            Only(2));
        Assert.That(await LimitedApp.StatusAsync(app, "/throws", await app.IssueAsync()), Is.EqualTo(500));
        Assert.That(await LimitedApp.StatusAsync(app, "/throws", null), Is.EqualTo(500));
        Assert.That(await LimitedApp.StatusAsync(app, "/throws", "nonsense"), Is.EqualTo(500));
        Assert.That(await LimitedApp.StatusAsync(app, "/throws", "nonsense"), Is.EqualTo(500));
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(429));
    }

    [Test]
    public async Task Failures_OfTheStore_DoNotCount()
    {
        var store = new Mock<IApiKeyStore>(MockBehavior.Strict);
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(), Only(1), store: store.Object);
        for (var i = 0; i < 3; i++)
        {
            Assert.That(await LimitedApp.StatusAsync(app, "/", app.NewSecret()), Is.EqualTo(503));
        }
    }

    [Test]
    public async Task Failures_WithForwardedForOfTheirOwn_AreOfOneNetwork()
    {
        await using var app = await StartAsync(2);
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            using var answer = await app.SendAsync(
                "/",
                ("X-API-Key", "nonsense"),
                ("X-Forwarded-For", $"203.0.113.{i}"),
                ("Forwarded", $"for=203.0.113.{i}"),
                ("X-Real-IP", $"203.0.113.{i}"));
            statuses.Add((int)answer.StatusCode);
        }

        Assert.That(statuses, Is.EqualTo(new[] { 401, 401, 429, 429 }));
    }

    [TestCase("203.0.113.1", "203.0.113.2", 401)]
    [TestCase("203.0.113.1", "::ffff:203.0.113.1", 429)]
    [TestCase("2001:db8::1", "2001:db8::ffff:1", 429)]
    [TestCase("2001:db8::1", "2001:db8:0:1::1", 401)]
    [TestCase("", "", 429)]
    public async Task Failures_OfTwoAddresses_AreCountedByNetwork(string first, string second, int status)
    {
        var address = first;
        await using var app = await StartAsync(1, web => web.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = address.Length == 0 ? null : IPAddress.Parse(address);
            return next(context);
        }));
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(401));
        address = second;
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(status));
    }

    [Test]
    public async Task Failures_WithoutALimit_AreNeverLimited()
    {
        await using var app = await LimitedApp.StartAsync(limiting => limiting.FailedAuthentications = null);
        for (var i = 0; i < 150; i++)
        {
            Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(401));
        }
    }

    [Test]
    public async Task Failures_PastTheLimit_SayThatTheNetworkIsLimitedAndNotTheKey()
    {
        await using var app = await StartAsync(1);
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(401));
        using var rejected = await app.GetAsync("/", "nonsense");
        var body = await rejected.BodyAsync();
        Assert.That(
            body, Does.Contain("Too many invalid API keys came from this network; try again in 60 seconds").And.Not.Contain("rate limit"));
        Assert.That(rejected.Lines("X-RateLimit-Limit"), Is.Empty);
    }

    [Test]
    public async Task Failures_PastTheLimit_AreReportedOnceForEachNetworkAndMinute()
    {
        var address = "203.0.113.1";
        await using var app = await StartAsync(1, web => web.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(address);
            return next(context);
        }));
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(401));
        for (var i = 0; i < 5; i++)
        {
            Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(429));
        }

        Assert.That(Warnings(app), Has.Length.EqualTo(1));
        address = "203.0.113.2";
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(401));
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(429));
        Assert.That(Warnings(app), Has.Length.EqualTo(2));
        address = "203.0.113.1";
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(401));
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(429));
        Assert.That(Warnings(app), Has.Length.EqualTo(3));
        Assert.That(Warnings(app)[^1].Text, Does.Contain("1/minute").And.Contain("5 more").And.Not.Contain("203.0"));
        Assert.That(Warnings(app).Select(entry => entry.Level), Is.All.EqualTo(LogLevel.Warning));
    }

    [Test]
    public async Task Failures_AfterRetryAfter_AreAnsweredWith401Again()
    {
        await using var app = await StartAsync(1);
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(401));
        app.Clock.Advance(TimeSpan.FromTicks(1_234_567));
        using var rejected = await app.GetAsync("/", "nonsense");
        app.Clock.Advance(TimeSpan.FromSeconds(rejected.Number("Retry-After")!.Value));
        Assert.That(await LimitedApp.StatusAsync(app, "/", "nonsense"), Is.EqualTo(401));
    }

    private static LogCapture.Entry[] Warnings(TestApp app) =>
        [.. app.Logs.Entries.Where(entry => entry.EventId == 31 && entry.Category.StartsWith("ApiKeyAuth", StringComparison.Ordinal))];

    private static Task<TestApp> StartAsync(long permits, Action<WebApplication>? before = null) =>
        LimitedApp.StartAsync(options: Only(permits), before: before);

    private static Action<ApiKeyAuthOptions> Only(long permits) =>
        options => options.RateLimiting.FailedAuthentications = new RateLimit(permits, TimeSpan.FromMinutes(1));
}
