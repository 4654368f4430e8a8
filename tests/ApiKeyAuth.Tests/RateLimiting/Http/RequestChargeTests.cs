using ApiKeyAuth.Caching;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.RateLimiting.Http;

public sealed class RequestChargeTests
{
    [Test]
    public async Task Cost_OfTheEndpoint_IsCharged()
    {
        await using var app = await LimitedApp.StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "12/hour");
        using var first = await app.GetAsync("/costs5", secret);
        LimitedApp.AssertHeaders(first, 12, 7);
        using var second = await app.GetAsync("/costs5", secret);
        LimitedApp.AssertHeaders(second, 12, 2);
        using var refused = await app.GetAsync("/costs5", secret);
        await refused.AssertRefusedAsync(429, "rate_limit_exceeded");
        LimitedApp.AssertHeaders(refused, 12, 2);
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(200));
        await LimitedApp.AssertWaitSufficesAsync(app, "/costs5", secret);
    }

    [Test]
    public async Task Cost_AboveTheLimit_IsRejectedWithoutRetryAfterAndUncharged()
    {
        await using var app = await LimitedApp.StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "4/hour;9/day");
        using var refused = await app.GetAsync("/costs5", secret);
        await refused.AssertRefusedAsync(429, "rate_limit_exceeded");
        Assert.That(refused.Lines("Retry-After"), Is.Empty);
        LimitedApp.AssertHeaders(refused, 4, 4);
        using var admitted = await app.GetAsync("/", secret);
        LimitedApp.AssertHeaders(admitted, 4, 3);
    }

    [Test]
    public async Task Cost_OfNothing_ShowsHeadersAndIsAdmittedAtTheLimit()
    {
        await using var app = await LimitedApp.StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "1/hour");
        using var before = await app.GetAsync("/free", secret);
        LimitedApp.AssertHeaders(before, 1, 1);
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(200));
        using var after = await app.GetAsync("/free", secret);
        Assert.That((int)after.StatusCode, Is.EqualTo(200));
        LimitedApp.AssertHeaders(after, 1, 0);
    }

    [Test]
    public async Task WithoutRateLimit_AtTheLimit_IsAdmittedWithoutHeaders()
    {
        await using var app = await LimitedApp.StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "1/hour");
        Assert.That(await LimitedApp.StatusAsync(app, "/exempt", secret), Is.EqualTo(200));
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(200));
        using var exempt = await app.GetAsync("/exempt", secret);
        Assert.That((int)exempt.StatusCode, Is.EqualTo(200));
        Assert.That(exempt.Lines("X-RateLimit-Limit"), Is.Empty);
    }

    [Test]
    public async Task Rejections_OfEveryKind_ChargeNothing()
    {
        await using var app = await LimitedApp.StartAsync(limiting => limiting.PerTenant = RateLimit.ParseList("2/day"));
        var secret = await LimitedApp.IssueAsync(app, "2/hour", key => key with { TenantId = "acme" });
        Assert.That(await LimitedApp.StatusAsync(app, "/write", secret), Is.EqualTo(403));
        using (var twice = await app.GetAsync("/", secret, secret))
        {
            await twice.AssertRefusedAsync(400, "invalid_request");
        }

        await app.ChangeAsync(key => key with { Enabled = false });
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(401));
        await app.ChangeAsync(key => key with { Enabled = true, Audiences = ["a"] });
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(403));
        await app.ChangeAsync(key => key with { Audiences = [] });
        using var admitted = await app.GetAsync("/", secret);
        LimitedApp.AssertHeaders(admitted, 2, 1);
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(200));
        for (var i = 0; i < 3; i++)
        {
            using var limited = await app.GetAsync("/", secret);
            Assert.That((int)limited.StatusCode, Is.EqualTo(429));
            Assert.That(limited.Number("Retry-After"), Is.EqualTo(86_400));
        }
    }

    [Test]
    public async Task Windows_OneRejects_ChargesNoneOfTheOthers()
    {
        await using var app = await LimitedApp.StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "1/minute;3/hour");
        for (var i = 0; i < 5; i++)
        {
            Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(i == 0 ? 200 : 429));
        }

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(200));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(200));
    }

    [Test]
    public async Task ChargeRejectedRequests_On_ChargesEvery403And429Once()
    {
        await using var app = await LimitedApp.StartAsync(limiting => limiting.ChargeRejectedRequests = true);
        var secret = await LimitedApp.IssueAsync(app, "4/minute");
        Assert.That(await LimitedApp.StatusAsync(app, "/write", secret), Is.EqualTo(403));
        Assert.That(await LimitedApp.StatusAsync(app, "/forbids", secret), Is.EqualTo(403));
        using var admitted = await app.GetAsync("/", secret);
        LimitedApp.AssertHeaders(admitted, 4, 1);
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(200));
        app.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(await LimitedApp.StatusAsync(app, "/costs5", secret), Is.EqualTo(429));
        app.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(429));
    }

    [Test]
    public async Task Endpoint_ThatForbidsByItself_IsChargedOnce()
    {
        await using var app = await LimitedApp.StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "4/minute");
        using var forbidden = await app.GetAsync("/forbids", secret);
        Assert.That((int)forbidden.StatusCode, Is.EqualTo(403));
        LimitedApp.AssertHeaders(forbidden, 4, 3);
    }

    [Test]
    public async Task Secrets_OfOneKey_ShareOneWindow()
    {
        await using var app = await LimitedApp.StartAsync();
        var newer = app.NewSecret();
        var older = await LimitedApp.IssueAsync(app, "3/hour");
        using var before = await app.GetAsync("/", older);
        await app.ChangeAsync(
            key => key with { Secrets = [app.Hashed(newer), key.Secrets[0] with { ExpiresAt = app.Clock.GetUtcNow().AddHours(1) }] });
        using var rotated = await app.GetAsync("/", newer);
        using var retiring = await app.GetAsync("/", older);
        LimitedApp.AssertHeaders(rotated, 3, 1);
        LimitedApp.AssertHeaders(retiring, 3, 0);
        Assert.That(await LimitedApp.StatusAsync(app, "/", newer), Is.EqualTo(429));
    }

    [Test]
    public async Task Record_InvalidatedEvictedOrExpired_KeepsItsWindow()
    {
        await using var app = await LimitedApp.StartAsync(options: options => options.Cache.MaxKnownKeys = 1);
        var secret = await LimitedApp.IssueAsync(app, "4/hour");
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(200));
        app.Services.GetRequiredService<IApiKeyCache>().InvalidateAll();
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(200));
        Assert.That(await LimitedApp.StatusAsync(app, "/", await app.IssueAsync()), Is.EqualTo(200));
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(200));
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var last = await app.GetAsync("/", secret);
        LimitedApp.AssertHeaders(last, 4, 0);
    }

    [Test]
    public async Task Limit_Changed_AppliesToTheRunningWindow()
    {
        await using var app = await LimitedApp.StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "2/hour");
        using var first = await app.GetAsync("/", secret);
        await app.ChangeAsync(key => key with { RateLimits = RateLimit.ParseList("5/hour") });
        using var raised = await app.GetAsync("/", secret);
        LimitedApp.AssertHeaders(raised, 5, 3);
        await app.ChangeAsync(key => key with { RateLimits = RateLimit.ParseList("1/hour") });
        Assert.That(await LimitedApp.StatusAsync(app, "/", secret), Is.EqualTo(429));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Request_WithTwoSecretsOfOneKey_IsChargedOnce(bool sameSecret)
    {
        await using var app = await StartTwoSchemesAsync();
        var other = app.NewSecret();
        var secret = await LimitedApp.IssueAsync(app, "9/hour", key => key with { Secrets = [.. key.Secrets, app.Hashed(other)] });
        using var answer = await app.SendAsync("/", ("X-API-Key", secret), ("X-Agent-Token", sameSecret ? secret : other));
        LimitedApp.AssertHeaders(answer, 9, 8);
    }

    [Test]
    public async Task Request_WithTwoKeysOfWhichOneIsOverItsLimit_ChargesNeither()
    {
        await using var app = await StartTwoSchemesAsync();
        var (many, few) = (await LimitedApp.IssueAsync(app, "9/hour"), await LimitedApp.IssueAsync(app, "1/hour"));
        using var first = await app.SendAsync("/", ("X-API-Key", few));
        foreach (var (one, two) in new[] { (many, few), (few, many) })
        {
            using var refused = await app.SendAsync("/", ("X-API-Key", one), ("X-Agent-Token", two));
            await refused.AssertRefusedAsync(429, "rate_limit_exceeded");
        }

        using var answer = await app.SendAsync("/", ("X-API-Key", many));
        LimitedApp.AssertHeaders(answer, 9, 8);
    }

    private static Task<TestApp> StartTwoSchemesAsync() => TestApp.StartAsync(
        web => web.MapGet("/", () => "in").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "One,Two" }),
        keys: keys => keys.AddScheme("One").AddScheme("Two", scheme => (scheme.AuthorizationSchemes, scheme.Headers) = ([], ["X-Agent-Token"])));
}
