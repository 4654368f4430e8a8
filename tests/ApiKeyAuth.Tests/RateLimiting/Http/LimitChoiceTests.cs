using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;

namespace ApiKeyAuth.Tests.RateLimiting.Http;

public sealed class LimitChoiceTests
{
    [TestCase("read", null, 200)]
    [TestCase("full", null, 500)]
    [TestCase("read full", null, 500)]
    [TestCase("full read", null, 500)]
    [TestCase("implier", null, 1000)]
    [TestCase("plain", null, 1000)]
    [TestCase("plain read", null, 200)]
    [TestCase("*", null, 1000)]
    [TestCase("* read", null, 200)]
    [TestCase(null, null, 1000)]
    [TestCase("full", "3/hour", 3)]
    [TestCase("read", "9000/hour", 9000)]
    public async Task Limit_ByGrantAndKey_IsTheOneOfTheContract(string? scopes, string? own, long limit)
    {
        await using var app = await LimitedApp.StartAsync(
            limiting => limiting.Default = RateLimit.ParseList("1000/hour"),
            options =>
            {
                options.Scopes.Add(new ScopeDefinition { Name = "write" });
                options.Scopes.Add(new ScopeDefinition { Name = "plain" });
                options.Scopes.Add(new ScopeDefinition { Name = "read", RateLimits = RateLimit.ParseList("200/hour") });
                options.Scopes.Add(new ScopeDefinition { Name = "full", Implies = ["read"], RateLimits = RateLimit.ParseList("500/hour") });
                options.Scopes.Add(new ScopeDefinition { Name = "implier", Implies = ["full"] });
            });
        var secret = await app.IssueAsync(key => key with
        {
            Scopes = TestApp.Scopes(scopes?.Split(' ') ?? []),
            RateLimits = own is null ? [] : RateLimit.ParseList(own),
        });
        using var answer = await app.GetAsync("/", secret);
        LimitedApp.AssertHeaders(answer, limit, limit - 1);
    }

    [Test]
    public async Task Tenant_OfTwoKeys_SharesItsLimitBesideTheirOwn()
    {
        await using var app = await LimitedApp.StartAsync(limiting => limiting.PerTenant = RateLimit.ParseList("3/hour"));
        var one = await LimitedApp.IssueAsync(app, "2/hour", key => key with { TenantId = "acme" });
        var two = await app.IssueAsync(key => key with { TenantId = "acme" });
        var other = await app.IssueAsync(key => key with { TenantId = "other" });
        var none = await app.IssueAsync();
        using var first = await app.GetAsync("/", one);
        LimitedApp.AssertHeaders(first, 2, 1);
        Assert.That(await LimitedApp.StatusAsync(app, "/", one), Is.EqualTo(200));
        Assert.That(await LimitedApp.StatusAsync(app, "/", one), Is.EqualTo(429));
        using var third = await app.GetAsync("/", two);
        LimitedApp.AssertHeaders(third, 3, 0);
        using var rejected = await app.GetAsync("/", two);
        await rejected.AssertRefusedAsync(429, "rate_limit_exceeded");
        Assert.That(await LimitedApp.StatusAsync(app, "/", other), Is.EqualTo(200));
        Assert.That(await LimitedApp.StatusAsync(app, "/", none), Is.EqualTo(200));
    }

    [Test]
    public async Task Tenant_ThatRejects_ChargesNotTheKey()
    {
        await using var app = await LimitedApp.StartAsync(limiting => limiting.PerTenant = RateLimit.ParseList("1/minute"));
        var one = await LimitedApp.IssueAsync(app, "2/hour", key => key with { TenantId = "acme" });
        var two = await app.IssueAsync(key => key with { TenantId = "acme" });
        Assert.That(await LimitedApp.StatusAsync(app, "/", two), Is.EqualTo(200));
        Assert.That(await LimitedApp.StatusAsync(app, "/", one), Is.EqualTo(429));
        await LimitedApp.AssertWaitSufficesAsync(app, "/", one);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await LimitedApp.StatusAsync(app, "/", one), Is.EqualTo(200));
    }

    [Test]
    public async Task Tenant_NamedInTheSettings_HasItsOwnLimit()
    {
        await using var app = await LimitedApp.StartAsync(limiting =>
        {
            limiting.PerTenant = RateLimit.ParseList("1/hour");
            limiting.Tenants["big"] = RateLimit.ParseList("70/hour");
            limiting.Tenants["free"] = [];
        });
        using var big = await app.GetAsync("/", await app.IssueAsync(key => key with { TenantId = "big" }));
        using var small = await app.GetAsync("/", await app.IssueAsync(key => key with { TenantId = "Big" }));
        using var free = await app.GetAsync("/", await app.IssueAsync(key => key with { TenantId = "free" }));
        LimitedApp.AssertHeaders(big, 70, 69);
        LimitedApp.AssertHeaders(small, 1, 0);
        Assert.That(free.Lines("X-RateLimit-Limit"), Is.Empty);
    }
}
