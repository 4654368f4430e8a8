using ApiKeyAuth.Tests.RateLimiting.Http;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Http;

/// <summary>
/// With <c>UseResponseCaching()</c> on either side of <c>UseApiKeyAuth()</c>, no caller gets a cached response of another caller.
/// </summary>
public sealed class ResponseCachingTests
{
    [Test]
    public async Task CachedResponse_OneTenant_IsNotServedToOthers(
        [Values] bool isInFront,
        [Values("header", "bearer", "query")] string source,
        [Values("/closed", "/open", "/vary", "/allows", "/asks", "/controller", "/closed-controller")] string path)
    {
        await using var app = await StartAsync(isInFront, source == "query");
        var isClosed = path.StartsWith("/closed", StringComparison.Ordinal);
        var (a, b) = (await CachedApp.IssueAsync(app, "a"), await CachedApp.IssueAsync(app, "b"));

        Assert.That((await CachedApp.CallAsync(app, path, source, a)).Tenant, Is.EqualTo("a"));
        Assert.That((await CachedApp.CallAsync(app, path, source, b)).Tenant, Is.EqualTo("b"));
        await AssertRejectedAsync(null);
        await AssertRejectedAsync(app.NewSecret());
        Assert.That((await CachedApp.CallAsync(app, path, source, a)).Tenant, Is.EqualTo("a"));
        await app.ChangeAsync(key => key with { RevokedAt = app.Clock.GetUtcNow() });
        await AssertRejectedAsync(a);
        await app.ChangeAsync(null, "key2");
        await AssertRejectedAsync(b);

        async Task AssertRejectedAsync(string? key)
        {
            var (status, tenant, _) = await CachedApp.CallAsync(app, path, source, key);
            Assert.That(status, Is.EqualTo(isClosed ? 401 : 200));
            Assert.That(tenant, isClosed ? Is.Not.EqualTo("a").And.Not.EqualTo("b") : Is.EqualTo(CachedApp.Anonymous));
        }
    }

    [Test]
    public async Task CachedResponse_AnonymousCaller_IsNotServedToAKey(
        [Values] bool isInFront,
        [Values("header", "bearer", "query")] string source,
        [Values("/open", "/vary", "/allows", "/asks", "/controller")] string path)
    {
        await using var app = await StartAsync(isInFront, source == "query");
        var key = await CachedApp.IssueAsync(app, "a");
        Assert.That((await CachedApp.CallAsync(app, path, source, null)).Tenant, Is.EqualTo(CachedApp.Anonymous));
        Assert.That((await CachedApp.CallAsync(app, path, source, key)).Tenant, Is.EqualTo("a"));
    }

    [Test]
    public async Task AnonymousResponse_SamePath_IsServedFromTheCache(
        [Values] bool isInFront, [Values("/open", "/vary", "/allows", "/asks", "/controller")] string path)
    {
        await using var app = await StartAsync(isInFront);
        var first = await CachedApp.CallAsync(app, path, "header", null);
        Assert.That(await CachedApp.CallAsync(app, path, "header", null), Is.EqualTo(first));
    }

    [TestCase("/closed")]
    [TestCase("/closed-controller")]
    public async Task CachedResponse_BehindUseApiKeyAuth_IsServedToTheSameKeyAgain(string path)
    {
        await using var app = await StartAsync(isInFront: false);
        var key = await CachedApp.IssueAsync(app, "a");
        var first = await CachedApp.CallAsync(app, path, "header", key);
        Assert.That(await CachedApp.CallAsync(app, path, "header", key), Is.EqualTo(first));
    }

    [Test]
    public async Task CachedResponse_BehindUseApiKeyAuth_HasTheLimitOfThisRequest()
    {
        await using var app = await StartAsync(isInFront: false);
        var key = await LimitedApp.IssueAsync(app, "9/hour");
        for (var remaining = 8; remaining > 5; remaining--)
        {
            using var response = await app.GetAsync("/closed", key);
            LimitedApp.AssertHeaders(response, 9, remaining);
            Assert.That(response.Lines("Age"), remaining == 8 ? Is.Empty : Is.Not.Empty);
            Assert.That(response.Line("Vary"), Is.EqualTo("Authorization, X-API-Key"));
        }
    }

    [Test]
    public async Task Response_NotCachedInFront_HasTheAppsCacheControl()
    {
        await using var app = await StartAsync(isInFront: true);
        using var response = await app.GetAsync("/closed", await app.IssueAsync());
        Assert.That(response.Line("Cache-Control"), Is.EqualTo("public, max-age=60"));
        Assert.That(response.Line("Vary"), Is.EqualTo("Authorization, X-API-Key"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Response_KeyInTheQuery_HasNoStore(bool isInFront)
    {
        await using var app = await StartAsync(isInFront, readsQuery: true);
        using var response = await app.GetAsync($"/open?api_key={await app.IssueAsync()}");
        Assert.That(response.Line("Cache-Control"), Is.EqualTo("no-store"));
        using var anonymous = await app.GetAsync("/open");
        Assert.That(anonymous.Line("Cache-Control"), Is.EqualTo("public, max-age=60"));
    }

    [Test]
    public async Task Vary_SeveralSchemesAndAForwardingOne_NamesAllHeaders()
    {
        await using var app = await TestApp.StartAsync(
            web =>
            {
                web.MapGet("/", () => "in").RequireAuthorization(
                    policy => policy.AddAuthenticationSchemes("One", "Two").RequireAuthenticatedUser());
                web.MapGet("/forwarded", () => "in").RequireAuthorization(
                    policy => policy.AddAuthenticationSchemes("ApiKeyOrBearer").RequireAuthenticatedUser());
                web.MapGet("/none", () => "in");
            },
            keys: keys => keys.AddScheme("One", scheme => (scheme.AuthorizationSchemes, scheme.Headers) = ([], ["X-One"]))
                .AddScheme("Two", scheme => scheme.Headers = ["X-Two"]).AddBearerForwarding("Bearer", "Two"),
            services: services => services.AddAuthentication("One").AddTestJwt());
        foreach (var bearer in new[] { null, Jwts.Create() })
        {
            using var both = await app.GetAsync("/", bearer: bearer);
            using var forwarded = await app.GetAsync("/forwarded", bearer: bearer);
            using var none = await app.GetAsync("/none", bearer: bearer);
            Assert.That(both.Line("Vary"), Is.EqualTo("X-One, Authorization, X-Two"));
            Assert.That(forwarded.Line("Vary"), Is.EqualTo("X-One, Authorization, X-Two"));
            Assert.That(none.Line("Vary"), Is.EqualTo("X-One"));
        }
    }

    [Test]
    public async Task Vary_EndpointWithoutKeyScheme_IsUnchanged()
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in"), services: services => services.AddAuthentication("Bearer").AddTestJwt());
        using var response = await app.GetAsync("/", await app.IssueAsync());
        Assert.That(response.Lines("Vary"), Is.Empty);
    }

    private static Task<TestApp> StartAsync(bool isInFront, bool readsQuery = false) =>
        CachedApp.StartAsync(web => web.UseResponseCaching(), isInFront, readsQuery, before: services => services.AddResponseCaching());
}
