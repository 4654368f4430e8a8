using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Http;

/// <summary>
/// With <c>UseOutputCache()</c> on either side of <c>UseApiKeyAuth()</c>, a request with a credential neither reads the cache nor fills it.
/// </summary>
public sealed class OutputCachingTests
{
    [Test]
    public async Task CachedOutput_OneTenant_IsNotServedToOthers(
        [Values] bool isInFront,
        [Values] bool isAddedFirst,
        [Values("header", "bearer", "query")] string source,
        [Values("/closed", "/open", "/allows", "/asks")] string path)
    {
        await using var app = await StartAsync(isInFront, source == "query", isAddedFirst);
        var isClosed = path == "/closed";
        var (a, b) = (await CachedApp.IssueAsync(app, "a"), await CachedApp.IssueAsync(app, "b"));

        Assert.That((await CachedApp.CallAsync(app, path, source, a)).Tenant, Is.EqualTo("a"));
        Assert.That((await CachedApp.CallAsync(app, path, source, b)).Tenant, Is.EqualTo("b"));
        await AssertRejectedAsync(null);
        await AssertRejectedAsync(app.NewSecret());
        Assert.That((await CachedApp.CallAsync(app, path, source, a)).Tenant, Is.EqualTo("a"));
        await app.ChangeAsync(key => key with { RevokedAt = app.Clock.GetUtcNow() });
        await AssertRejectedAsync(a);

        async Task AssertRejectedAsync(string? key)
        {
            var (status, tenant, _) = await CachedApp.CallAsync(app, path, source, key);
            Assert.That(status, Is.EqualTo(isClosed ? 401 : 200));
            Assert.That(tenant, isClosed ? Is.Not.EqualTo("a").And.Not.EqualTo("b") : Is.EqualTo(CachedApp.Anonymous));
        }
    }

    [Test]
    public async Task AnonymousOutput_SamePath_IsServedFromTheCacheButNotToAKey(
        [Values] bool isInFront, [Values("header", "bearer", "query")] string source)
    {
        await using var app = await StartAsync(isInFront, source == "query");
        var key = await CachedApp.IssueAsync(app, "a");
        var first = await CachedApp.CallAsync(app, "/open", source, null);
        Assert.That((await CachedApp.CallAsync(app, "/open", source, key)).Tenant, Is.EqualTo("a"));
        Assert.That(await CachedApp.CallAsync(app, "/open", source, null), Is.EqualTo(first));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task CachedOutput_BasePolicyOfTheApp_IsNotServedToOthers(bool isInFront)
    {
        await using var app = await CachedApp.StartAsync(
            web => web.UseOutputCache(), isInFront, after: services => services.AddOutputCache(
                options => options.AddBasePolicy(all => all.Cache())));
        var (a, b) = (await CachedApp.IssueAsync(app, "a"), await CachedApp.IssueAsync(app, "b"));
        foreach (var (key, tenant) in new[] { (a, "a"), (b, "b"), (null, CachedApp.Anonymous), (a, "a") })
        {
            Assert.That((await CachedApp.CallAsync(app, "/open", "header", key)).Tenant, Is.EqualTo(tenant));
        }
    }

    [Test]
    public async Task CachedOutput_EndpointPolicyEnablesIt_IsTheAppsDecision()
    {
        await using var app = await CachedApp.StartAsync(
            web => web.UseOutputCache(), isInFront: false, endpoint: endpoint => endpoint.CacheOutput(
                policy => policy.AddPolicy<CachePerTenant>()),
            before: services => services.AddOutputCache());
        var (a, b) = (await CachedApp.IssueAsync(app, "a"), await CachedApp.IssueAsync(app, "b"));
        var first = await CachedApp.CallAsync(app, "/closed", "header", a);
        Assert.That((await CachedApp.CallAsync(app, "/closed", "header", b)).Tenant, Is.EqualTo("b"));
        Assert.That(await CachedApp.CallAsync(app, "/closed", "header", a), Is.EqualTo(first));
    }

    [Test]
    public async Task Services_WithoutOutputCaching_AreNotAdded()
    {
        await using var app = await TestApp.StartAsync(_ => { });
        Assert.That(app.Services.GetService<IOutputCacheStore>(), Is.Null);
    }

    private static Task<TestApp> StartAsync(bool isInFront, bool readsQuery, bool isAddedFirst = true) => CachedApp.StartAsync(
        web => web.UseOutputCache(), isInFront, readsQuery, endpoint => endpoint.CacheOutput(policy => policy.SetVaryByQuery("page")),
        isAddedFirst ? services => services.AddOutputCache() : null, isAddedFirst ? null : services => services.AddOutputCache());

    /// <summary>Caches a response for all keys of a tenant, as the recipes describe.</summary>
    private sealed class CachePerTenant : IOutputCachePolicy
    {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage = true;
            context.CacheVaryByRules.VaryByValues["ApiKeyAuth"] = context.HttpContext.User.FindFirst("tenant_id")?.Value ?? "";
            return ValueTask.CompletedTask;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            context.AllowCacheStorage = true;
            return ValueTask.CompletedTask;
        }
    }
}
